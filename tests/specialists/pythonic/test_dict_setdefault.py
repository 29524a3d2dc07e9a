"""`setdefault` sets what the test and the assignment set."""

from hypothesis import strategies as st

from tests.specialists.behaviour import SCALARS, VALUES, behaves_as_before

PAIRS = st.lists(st.tuples(SCALARS.filter(lambda one: one.__hash__ is not None), SCALARS), max_size=4)


def test_a_dict_and_one_that_makes_missing_values() -> None:
    for made in ("dict", "collections.OrderedDict", "collections.Counter"):
        behaves_as_before(
            "PY008",
            f"""
            import collections

            def f(pairs, key):
                d = {made}(dict(pairs))
                if key not in d:
                    d[key] = 3
                return d
            """,
            PAIRS,
            VALUES,
        )
