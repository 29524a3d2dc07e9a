"""Edits of a call's arguments."""

import ast

import pytest

from chatbt.rewriting.arguments import added_argument, removed_keyword
from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite
from tests.rewriting.edited import edited


def _call(statement: ast.stmt) -> ast.Call:
    assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    return statement.value


def added(code: str) -> str | None:
    return edited(code, lambda statement, rewrite: [added_argument(_call(statement), "k=1", rewrite)])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f()", "f(k=1)"),
        ("f(a)", "f(a, k=1)"),
        ("f(a, )", "f(a, k=1, )"),
        ("f((a))", "f((a), k=1)"),
        ("f(a, *b, **c)", "f(a, *b, **c, k=1)"),
        ("f(ä=(1))", "f(ä=(1), k=1)"),
        ("f(\n    a,  # (one)\n)", "f(\n    a, k=1,  # (one)\n)"),
        ("f(  # none\n)", "f(  # none\nk=1)"),
        ("f((x for x in y))", "f((x for x in y), k=1)"),
    ],
)
def test_an_argument_goes_behind_the_last_one(before: str, after: str) -> None:
    assert added(before) == after


def test_a_bare_generator_takes_no_argument_beside_it() -> None:
    assert added("f(x for x in y)") is None


def removed(code: str) -> str | None:
    def make(statement: ast.stmt, rewrite: Rewrite) -> list[Edit | None]:
        call = _call(statement)
        return [removed_keyword(call, next(one for one in call.keywords if one.arg == "k"), rewrite)]

    return edited(code, make)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f(k=1)", "f()"),
        ("f(k=1,)", "f()"),
        ("f(a, k=1)", "f(a)"),
        ("f((a), k=(1), b=2)", "f((a), b=2)"),
        ("f(k=1, b=2)", "f(b=2)"),
        ("f(\n    a,\n    k=1,\n)", "f(\n    a,\n)"),
    ],
)
def test_a_keyword_goes_with_one_comma(before: str, after: str) -> None:
    assert removed(before) == after


def test_a_keyword_with_a_comment_before_it_stays() -> None:
    assert removed("f(\n    a,  # why\n    k=1,\n)") is None
