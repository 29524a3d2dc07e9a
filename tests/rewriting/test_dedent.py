"""Statements taken out of their block."""

import ast

from chatbt.rewriting.dedent import dedented
from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite
from tests.rewriting.edited import edited


def out(code: str) -> str | None:
    """`code`, an `if`, with its body at the depth of the `if`."""

    def make(statement: ast.stmt, rewrite: Rewrite) -> list[Edit] | None:
        assert isinstance(statement, ast.If)
        last = statement.end_lineno or 0
        return dedented(statement.body, statement.lineno + 1, last, rewrite.indent(statement), rewrite)

    return edited(code, make)


def test_statements_and_the_comments_between_them_move() -> None:
    assert out("if a:\n  b\n\n  # c\n  d(\n    e)\n") == "if a:\nb\n\n# c\nd(\n  e)\n"


def test_what_stands_further_left_stays() -> None:
    assert out("if a:\n\tb\n# c\n\td(\n e)\n") == "if a:\nb\n# c\nd(\n e)\n"


def test_lines_inside_strings_stay() -> None:
    code = "if a:\n    b = '''\n    c''' + f'''\n    {d}\n    '''\n    e = (\n        'f'\n        'g')\n"
    assert out(code) == "if a:\nb = '''\n    c''' + f'''\n    {d}\n    '''\ne = (\n    'f'\n    'g')\n"


def test_a_shared_line_cannot_be_moved() -> None:
    assert out("if a: b; c\n") is None
    assert out("if a:\n    b; c\n    d\n") == "if a:\nb; c\nd\n"
