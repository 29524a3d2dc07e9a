"""`next` finds what the loop found, and stops where it stopped."""

from tests.specialists.behaviour import ITERABLES, VALUES, behaves_as_before


def test_what_is_returned_is_the_same() -> None:
    behaves_as_before(
        "PY034",
        """
        def f(xs, y):
            for x in xs:
                if x == y or x > y:
                    return x
            return y
        """,
        ITERABLES,
        VALUES,
    )


def test_what_is_kept_is_the_same_and_no_more_is_used_up() -> None:
    behaves_as_before(
        "PY034",
        """
        def f(xs, y):
            steps = map(effect, xs)
            found = None
            for i, x in enumerate(steps):
                if x is y or not len(x):
                    found = (i, x)
                    break
            return found, list(steps)
        """,
        ITERABLES,
        VALUES,
    )
