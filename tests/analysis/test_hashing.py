"""What is proven to be hashable."""

import pytest

from chatbt.analysis.hashing import is_hashable
from tests.analysis.asked import asked


def hashable(expression: str, parameters: str) -> bool:
    """Whether `expression` is, in a function with these parameters."""
    return is_hashable(*asked(f"def f({parameters}):\n    here({expression})\n"))


@pytest.mark.parametrize("expression", ["'a'", "1", "None", "...", "(1, ('b', 2.0))", "str(x)", "f'{x}'", "range(3)"])
def test_values_of_immutable_types_are_hashable(expression: str) -> None:
    assert hashable(expression, "x")


def test_an_annotation_proves_a_hash() -> None:
    assert hashable("x", "x: str")


@pytest.mark.parametrize("expression", ["x", "[]", "(1, [])", "(1, x)", "{1}", "tuple(x)", "x.y", "(*x, 1)"])
def test_other_values_may_not_be(expression: str) -> None:
    assert not hashable(expression, "x")
