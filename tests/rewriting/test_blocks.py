"""A block that moves out by a step."""

import ast

from chatbt.rewriting.blocks import dedented, holds_long_string, outdented
from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite
from tests.rewriting.edited import edited


def out(code: str, indent: str = "") -> str | None:
    """`code`, an `if`, with its body moved to the indentation `indent`."""

    def move(statement: ast.stmt, rewrite: Rewrite) -> list[Edit] | None:
        assert isinstance(statement, ast.If)
        return outdented(statement.body, indent, rewrite)

    return edited(code, move)


def test_comments_and_blank_lines_move_with_the_block() -> None:
    assert out("if a:\n    # x\n\n    b\n  # y\n    c\n    # z\n\n# w\n") == "if a:\n# x\n\nb\n  # y\nc\n# z\n\n# w\n"


def test_what_stands_further_left_than_the_block_stays() -> None:
    assert out("if a:\n    b(\n  c,\n    d)\n") == "if a:\nb(\n  c,\nd)\n"


def test_decorators_are_part_of_a_block() -> None:
    assert out("if a:\n\t@b\n\tdef c(): ...\n") == "if a:\n@b\ndef c(): ...\n"


def test_a_block_that_shares_its_lines_does_not_move() -> None:
    assert out("if a: b\n") is None
    assert out("if a:\n    b; c;\n") is None
    assert out("if a:\n    b\n", "\t") is None


def test_a_string_over_several_lines_does_not_move_but_several_strings_do() -> None:
    assert out("if a:\n    b = '''\n    '''\n") is None
    assert out("if a:\n    b = 'c\\\n    '\n") is None
    assert out("if a:\n    b = f'''{c}\n    '''\n") is None
    assert out("if a:\n    b = ('c'\n         f'{d}')\n") == "if a:\nb = ('c'\n     f'{d}')\n"


def test_a_block_is_searched_for_long_strings_in_full() -> None:
    assert edited(
        "def f():\n    '''a\n    '''\n", lambda one, rewrite: [] if holds_long_string([one], rewrite) else None
    )


def taken_out(code: str) -> str | None:
    """`code`, an `if`, with its body at the depth of the `if`."""

    def make(statement: ast.stmt, rewrite: Rewrite) -> list[Edit] | None:
        assert isinstance(statement, ast.If)
        last = statement.end_lineno or 0
        return dedented(statement.body, statement.lineno + 1, last, rewrite.indent(statement), rewrite)

    return edited(code, make)


def test_statements_and_the_comments_between_them_move() -> None:
    assert taken_out("if a:\n  b\n\n  # c\n  d(\n    e)\n") == "if a:\nb\n\n# c\nd(\n  e)\n"


def test_what_stands_further_left_than_statements_that_are_taken_out_stays() -> None:
    assert taken_out("if a:\n\tb\n# c\n\td(\n e)\n") == "if a:\nb\n# c\nd(\n e)\n"


def test_lines_inside_strings_stay() -> None:
    code = "if a:\n    b = '''\n    c''' + f'''\n    {d}\n    '''\n    e = (\n        'f'\n        'g')\n"
    assert taken_out(code) == "if a:\nb = '''\n    c''' + f'''\n    {d}\n    '''\ne = (\n    'f'\n    'g')\n"


def test_a_shared_line_cannot_be_moved() -> None:
    assert taken_out("if a: b; c\n") is None
    assert taken_out("if a:\n    b; c\n    d\n") == "if a:\nb; c\nd\n"
