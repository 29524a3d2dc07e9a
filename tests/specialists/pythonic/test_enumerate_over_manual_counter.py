"""`enumerate` counts as the loop did."""

from tests.specialists.behaviour import ITERABLES, VALUES, behaves_as_before


def test_counting() -> None:
    behaves_as_before(
        "PY002",
        """
        def f(rows, other):
            number = -2
            for row in rows:
                if row == other:
                    break
                fails((number, row))
                number += 1
            else:
                return "all"
            return row
        """,
        ITERABLES,
        VALUES,
    )


def test_a_failing_iterable() -> None:
    behaves_as_before(
        "PY002",
        """
        def f(rows):
            try:
                i = 0
                for row in rows:
                    fails((i, row))
                    i += 1
            except LookupError:
                i = "failed"
                return i
        """,
        ITERABLES,
    )
