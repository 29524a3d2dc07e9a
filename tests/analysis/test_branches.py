"""Chains of branches, and what they ask about."""

import ast

import pytest

from chatbt.analysis.branches import chain, is_elif, is_for_checkers, one_subject
from chatbt.analysis.flow import ancestors
from tests.analysis.asked import asked


def branches(text: str) -> list[ast.If]:
    """The `if`s around `here(x)`, innermost first."""
    found, _ = asked(text)
    return [one for one in ancestors(found) if isinstance(one, ast.If)]


def test_an_elif_is_told_from_an_if_in_an_else() -> None:
    inner, head = branches("if a:\n    b\nelif c:\n    here(x)\nelse:\n    d\n")
    assert is_elif(inner) and not is_elif(head)
    arms, rest = chain(head)
    assert arms == [head, inner] and len(rest) == 1
    inner, head = branches("if a:\n    b\nelse:\n    if c:\n        here(x)\n")
    assert not is_elif(inner)
    assert chain(head) == ([head], [inner])


@pytest.mark.parametrize("test", ["TYPE_CHECKING", "sys.version_info >= (3, 9)", "not sys.platform == 'a'", "0"])
def test_conditions_that_tools_evaluate(test: str) -> None:
    assert is_for_checkers(ast.parse(test, mode="eval").body)
    assert not is_for_checkers(ast.parse("x.name and y", mode="eval").body)


@pytest.mark.parametrize(
    "tests",
    [["x == 1", "2 == x"], ["x", "not x", "x.a()"], ["x in y", "isinstance(x, z)"], ["x == 1 or x == 2", "x is None"]],
)
def test_conditions_that_ask_about_the_same(tests: list[str]) -> None:
    subject = one_subject([ast.parse(one, mode="eval").body for one in tests])
    assert isinstance(subject, ast.Name) and subject.id == "x"


@pytest.mark.parametrize("tests", [["x == 1", "y == 1"], ["x == 1", "f(x)"], ["x == 1 or y", "x"]])
def test_conditions_that_do_not(tests: list[str]) -> None:
    assert one_subject([ast.parse(one, mode="eval").body for one in tests]) is None
