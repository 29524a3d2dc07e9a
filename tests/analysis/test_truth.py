"""What is True or False itself."""

import pytest

from chatbt.analysis.truth import is_bool, looks_bool
from tests.analysis.asked import asked


def code(expression: str) -> str:
    return f"def f(x, y, z: int):\n    n = len(x)\n    here({expression})\n"


@pytest.mark.parametrize(
    "expression",
    ["not x", "x in y", "x is not y is z", "isinstance(x, int) and not y", "n > 1", "1 < n < 2.0", "[x] == [y]"],
)
def test_these_are_true_or_false(expression: str) -> None:
    assert is_bool(*asked(code(expression)))
    assert looks_bool(*asked(code(expression)))


@pytest.mark.parametrize("expression", ["x > 1", "z > 1", "[x] < [y]", "n > 1 > x", "x == y or not x", "x.isdigit()"])
def test_these_most_likely_are(expression: str) -> None:
    assert not is_bool(*asked(code(expression)))
    assert looks_bool(*asked(code(expression)))


@pytest.mark.parametrize("expression", ["x", "x or y", "not x or y", "x()", "n", "x if y else z"])
def test_these_may_be_anything(expression: str) -> None:
    assert not is_bool(*asked(code(expression)))
    assert not looks_bool(*asked(code(expression)))
