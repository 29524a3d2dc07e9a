"""A chain answers as the comparisons did one after the other."""

from hypothesis import strategies as st

from tests.specialists.behaviour import SCALARS, VALUES, behaves_as_before


def test_anything_is_compared_as_before() -> None:
    code = """
        def f(x, y, z):
            return effect(x) < y and y <= fails(z), x >= y and y > z
    """
    behaves_as_before("PY016", code, VALUES, VALUES, SCALARS)


def test_proven_numbers_are_compared_as_before() -> None:
    code = """
        def f(x, y, z):
            a = float(x)
            b = float(y)
            c = int(z)
            return [a > b and a < c, a <= b and a > c, b >= a and a >= c, a > 0 and a < 2, c < a and c >= 0]
    """
    behaves_as_before("PY016", code, st.floats(), st.floats(), st.integers(-3, 3))
