"""The condition itself is the answer that was spelt out."""

import pytest

from tests.specialists.behaviour import ITEMS, VALUES, behaves_as_before

TESTS = [
    "a",
    "not effect(a)",
    "fails(a) is b",
    "a in [b, None]",
    "len(fails([a, b])) > 1",
    "isinstance(a, str) and effect(b)",
    "(c := effect(a))",
    "str(a) == str(b)",
    "a is None or not b",
    "a if b else effect(b)",
    "not not a",
]


@pytest.mark.parametrize("test", TESTS)
def test_the_condition_is_the_answer(test: str) -> None:
    code = f"""
        def f(a, b):
            if {test}:
                return True
            return False
    """
    behaves_as_before("PY025", code, VALUES, VALUES)


DENIED = [one for one in TESTS if " or " not in one and " and " not in one and " > " not in one]
ORDERS = ["len([a, a]) < len([b])", "str(a) >= str(b)", "not (a in [b] and effect(b))"]


@pytest.mark.parametrize("test", [*DENIED, *ORDERS, "a not in [b]"])
def test_the_opposite_of_the_condition_is_the_answer(test: str) -> None:
    behaves_as_before("PY025", f"def f(a, b): return [False if ({test}) else True, a]\n", VALUES, ITEMS)
