"""A list comprehension makes the list that the loop made, and fails where it failed."""

from tests.specialists.behaviour import ITERABLES, VALUES, behaves_as_before


def test_elements_under_a_condition() -> None:
    behaves_as_before(
        "PY004",
        """
        def f(rows, other):
            found = []
            for row in rows:
                if effect(row) != other:
                    found.append(fails(row))
            return found
        """,
        ITERABLES,
        VALUES,
    )


def test_a_failure_half_way() -> None:
    behaves_as_before(
        "PY004",
        """
        def f(rows):
            found = ["before"]
            try:
                found = []
                for row in rows:
                    found.append((row, fails(row)))
            except LookupError:
                return "failed"
            return found
        """,
        ITERABLES,
    )


def test_a_variable_that_is_bound_before_and_after() -> None:
    behaves_as_before(
        "PY004",
        """
        def f(rows, row):
            effect(row)
            found = []
            for row in rows:
                found.append(row)
            for row in found:
                effect(row)
            return found
        """,
        ITERABLES,
        VALUES,
    )


def test_a_failure_after_which_the_list_is_bound_anew() -> None:
    behaves_as_before(
        "PY004",
        """
        def f(rows):
            try:
                found = []
                for row in rows:
                    found.append(fails(row))
            except LookupError:
                found = None
            return found
        """,
        ITERABLES,
    )
