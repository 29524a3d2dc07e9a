"""What is proven to be hashable."""

import ast

import pytest

from chatbt.analysis.hashing import is_hashable
from chatbt.analysis.names import scope_of
from chatbt.analysis.scopes import FileFacts
from chatbt.source.document import Document
from chatbt.workspace.checker import Checker
from chatbt.workspace.profile import Profile


def hashable(expression: str, parameters: str = "") -> bool:
    """Whether `expression` is, as an expression statement in a function with these parameters."""
    document = Document.from_text("example.py", f"def f({parameters}):\n    {expression}\n")
    ((_, state),) = Checker(document, Profile(frozenset(), FileFacts())).chunks()
    (function,) = state.walked.parsed.body
    assert isinstance(function, ast.FunctionDef)
    (statement,) = function.body
    assert isinstance(statement, ast.Expr)
    return is_hashable(statement.value, scope_of(statement.value))


@pytest.mark.parametrize("expression", ["'a'", "1", "None", "...", "(1, ('b', 2.0))", "str(x)", "f'{x}'", "range(3)"])
def test_values_of_immutable_types_are_hashable(expression: str) -> None:
    assert hashable(expression, "x")


def test_an_annotation_proves_a_hash() -> None:
    assert hashable("x", "x: str")


@pytest.mark.parametrize("expression", ["x", "[]", "(1, [])", "(1, x)", "{1}", "tuple(x)", "x.y", "(*x, 1)"])
def test_other_values_may_not_be(expression: str) -> None:
    assert not hashable(expression, "x")
