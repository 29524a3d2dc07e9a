"""`not in` and `is not` do what `not` before the test did."""

from tests.specialists.behaviour import ITEMS, ITERABLES, VALUES, behaves_as_before


def test_membership_behaves_as_before() -> None:
    code = """
        def f(x, ys):
            return not effect(x) in effect(ys)
    """
    behaves_as_before("PY021", code, VALUES, ITERABLES)


def test_identity_behaves_as_before() -> None:
    code = """
        def f(xs, y):
            return [x for x in xs if not (x or y) is None] and (not y is xs[0])
    """
    behaves_as_before("PY021", code, ITEMS, VALUES)
