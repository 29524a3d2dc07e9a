"""Statements put one step deeper."""

import ast

from chatbt.rewriting.withs import indent_unit, indented
from tests.rewriting.edited import edited


def body(statement: ast.stmt) -> list[ast.stmt]:
    assert isinstance(statement, ast.If)
    return statement.body


def deeper(code: str) -> str | None:
    """`code`, an `if`, with all of its body one step deeper."""
    return edited(code, lambda statement, rewrite: indented(body(statement), rewrite))


def test_statements_and_the_comments_between_them_go_one_step_deeper() -> None:
    assert deeper("if a:\n  b\n\n  # c\n  d(\n    e)\n") == "if a:\n    b\n\n    # c\n    d(\n      e)\n"


def test_a_tab_is_a_step_where_tabs_are_used() -> None:
    assert deeper("if a:\n\tb\n") == "if a:\n\t\tb\n"


def test_a_string_over_several_lines_stays_where_it_is() -> None:
    assert deeper("if a:\n    b = '''\n    '''\n") is None


def test_a_statement_that_shares_its_line_stays_where_it_is() -> None:
    assert deeper("if a: b\n") is None
    assert deeper("if a:\n    b; c\n") is None


def test_a_step_is_four_spaces_where_nothing_tells() -> None:
    units: list[str] = []
    edited("a\n", lambda statement, rewrite: units.append(indent_unit(statement, rewrite)))
    assert units == ["    "]
