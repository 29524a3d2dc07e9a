"""A dict is searched and iterated over as its keys are."""

from hypothesis import strategies as st

from tests.specialists.behaviour import SCALARS, VALUES, behaves_as_before

DICTS = st.dictionaries(st.one_of(st.none(), st.text("ab", max_size=2), st.floats(allow_nan=True)), SCALARS, max_size=4)


def test_membership() -> None:
    behaves_as_before("PY010", "def f(d: dict[object, object], k):\n    return k in d.keys()\n", DICTS, VALUES)


def test_a_loop_that_may_change_the_dict() -> None:
    behaves_as_before(
        "PY010",
        """
        def f(d: dict[object, object]):
            for k in d.keys():
                if effect(k) is None:
                    d["new"] = 1
        """,
        DICTS,
    )
