"""Where only the truth of an expression counts."""

import ast

import pytest

from chatbt.analysis.conditions import is_tested
from tests.analysis.asked import asked


def in_condition(code: str) -> bool:
    call = asked(code)[0].__dict__["parent"]
    assert isinstance(call, ast.Call)
    return is_tested(call)


@pytest.mark.parametrize(
    "code",
    [
        "if here(a): pass", "while x and (y or here(a)): pass", "assert here(a)", "b = 1 if here(a) else 2",
        "b = not here(a)", "[x for x in y if here(a)]", "match x:\n    case 1 if here(a): pass",
    ],
)  # fmt: skip
def test_a_condition_is_tested(code: str) -> None:
    assert in_condition(code)


@pytest.mark.parametrize(
    "code", ["b = here(a)", "b = x or here(a)", "if f(here(a)): pass", "b = here(a) if x else 1", "here(a)"]
)
def test_a_value_is_not(code: str) -> None:
    assert not in_condition(code)
