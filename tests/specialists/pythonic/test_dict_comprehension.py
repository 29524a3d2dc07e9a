"""A dict comprehension makes the dict that the loop made, and fails where it failed."""

from tests.specialists.behaviour import ITERABLES, VALUES, behaves_as_before


def test_keys_that_may_be_equal_or_without_hash() -> None:
    behaves_as_before(
        "PY005",
        """
        def f(rows, other):
            found = {}
            for row in rows:
                if effect(row) != other:
                    found[row] = fails(row)
            return found
        """,
        ITERABLES,
        VALUES,
    )


def test_made_keys() -> None:
    behaves_as_before(
        "PY005",
        """
        def f(rows):
            found = {}
            for index, row in enumerate(rows):
                found[fails(row)] = index
            return found
        """,
        ITERABLES,
    )
