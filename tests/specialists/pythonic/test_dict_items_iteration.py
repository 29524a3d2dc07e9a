"""`items()` and `values()` hand over what the look-ups gave."""

from hypothesis import strategies as st

from tests.specialists.behaviour import SCALARS, behaves_as_before

PAIRS = st.lists(st.tuples(st.one_of(st.none(), st.text("ab", max_size=2), st.floats()), SCALARS), max_size=4)


def test_keys_and_values() -> None:
    behaves_as_before(
        "PY009",
        """
        def f(pairs):
            rows = dict(pairs)
            for key in rows:
                fails((key, rows[key]))
            return rows
        """,
        PAIRS,
    )


def test_values_and_the_last_key() -> None:
    behaves_as_before(
        "PY009",
        """
        def f(pairs):
            rows = dict(pairs)
            more = {}
            for key in rows.keys():
                effect(rows[key])
            for one in rows.keys():
                more[one] = rows[one]
            return key, more
        """,
        PAIRS,
    )


def test_values_alone() -> None:
    behaves_as_before(
        "PY009",
        """
        def f(pairs):
            rows = dict(pairs)
            for key in rows:
                effect(rows[key])
        """,
        PAIRS,
    )
