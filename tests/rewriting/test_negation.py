"""Conditions turned round."""

import ast

import pytest

from chatbt.rewriting.fix import Edit
from chatbt.rewriting.negation import negated
from chatbt.rewriting.rewrite import Rewrite
from tests.rewriting.edited import edited


@pytest.mark.parametrize(
    ("test", "opposite"),
    [
        ("a", "not a"),
        ("not a", "a"),
        ("not (a or b)", "a or b"),
        ("a is b", "a is not b"),
        ("a is  not b", "a is b"),
        ("is_a(b) in c", "is_a(b) not in c"),
        ("a not in (b)", "a in (b)"),
        ("(a) == (b)", "(a) != (b)"),
        ("a != ' != '", "a == ' != '"),
        ("a < b", "not a < b"),
        ("a < b == c", "not a < b == c"),
        ("a and b", "not (a and b)"),
        ("a if b else c", "not (a if b else c)"),
        ("(a := b)", "not (a := b)"),
        ("not (a := b)", "a := b"),
        ("not not a", "not a"),
        ("a.in_(b)", "not a.in_(b)"),
        ("(\n  a\n  and b)", "not (\n  a\n  and b)"),
        ("f(\n  a)", "not f(\n  a)"),
        ("not f(\n  a)", None),
    ],
)
def test_the_opposite_of_a_condition(test: str, opposite: str | None) -> None:
    def make(statement: ast.stmt, rewrite: Rewrite) -> list[Edit] | None:
        assert isinstance(statement, ast.If)
        text = negated(statement.test, rewrite, test)
        return None if text is None else [Edit(rewrite.place(statement), text)]

    assert edited(f"if {test}: pass\n", make) == (None if opposite is None else f"{opposite}\n")
