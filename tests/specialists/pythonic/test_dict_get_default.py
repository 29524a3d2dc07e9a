"""`get` gives what the test and the look-up gave."""

from hypothesis import strategies as st

from tests.specialists.behaviour import SCALARS, VALUES, behaves_as_before

PAIRS = st.lists(st.tuples(SCALARS.filter(lambda one: one.__hash__ is not None), SCALARS), max_size=4)


def test_an_expression_with_any_key() -> None:
    behaves_as_before(
        "PY007",
        """
        def f(pairs, key, other):
            d = dict(pairs)
            return d[key] if key in d else other
        """,
        PAIRS,
        VALUES,
        VALUES,
    )


def test_a_statement() -> None:
    behaves_as_before(
        "PY007",
        """
        def f(pairs, key):
            d = dict(pairs)
            if key not in d:
                found = []
            else:
                found = d[key]
            return found, d
        """,
        PAIRS,
        VALUES,
    )
