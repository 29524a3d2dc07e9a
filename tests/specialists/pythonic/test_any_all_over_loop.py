"""`any` and `all` give the loop's answer, and look at no more elements."""

from tests.specialists.behaviour import ITERABLES, VALUES, behaves_as_before


def test_any() -> None:
    behaves_as_before(
        "PY006",
        """
        def f(rows, other):
            for row in rows:
                if row == other or row > other:
                    return True
            return False
        """,
        ITERABLES,
        VALUES,
    )


def test_all() -> None:
    behaves_as_before(
        "PY006",
        """
        def f(rows, others):
            for row in rows:
                if row not in others:
                    return False
            return True
        """,
        ITERABLES,
        VALUES,
    )


def test_not_any() -> None:
    behaves_as_before(
        "PY006",
        """
        def f(rows, other):
            rows = iter(rows)
            ok = True
            for row in rows:
                if row != other:
                    ok = False
                    break
            return ok, list(rows)
        """,
        ITERABLES,
        VALUES,
    )


def test_numbers_that_have_the_opposite() -> None:
    behaves_as_before(
        "PY006",
        """
        def f(rows, other):
            for row in rows:
                if len(str(row)) != 1:
                    return False
            return True
        """,
        ITERABLES,
        VALUES,
    )
