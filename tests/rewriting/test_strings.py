"""String literals as they are written."""

import ast

import pytest

from chatbt.analysis.module import Module, View
from chatbt.analysis.scopes import FileFacts
from chatbt.analysis.walk import walk
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.strings import StringPart, literals, quote_inside, string_parts
from chatbt.source.chunks import parse


def parts_of(text: str) -> list[StringPart]:
    """The parts of the string that is the value of `text`, an assignment."""
    parsed = parse(text, "code", "")
    rewrite = Rewrite(walk(parsed, FileFacts(), (), View(Module(), 1, 0)))
    statement = parsed.body[0]
    assert isinstance(statement, ast.Assign)
    return string_parts(statement.value, rewrite)


def written(text: str) -> list[tuple[str, str, str]]:
    return [literal[2:] for literal in literals(text)]


def test_prefix_quote_and_body_are_as_written() -> None:
    assert written(r"""Rb'\'a"' """) == [("Rb", "'", "\\'a\"")]


def test_the_parts_of_an_implicit_concatenation_are_told_apart() -> None:
    assert written("'a'  # 'not'\n     f\"{b}\" \\\n     '''c'd'''") == [
        ("", "'", "a"),
        ("f", '"', "{b}"),
        ("", "'''", "c'd"),
    ]


def test_a_part_stands_where_it_is_written_behind_non_ascii_text() -> None:
    first, second = parts_of("x = ('ä'\n   'b')")
    assert (first.stretch.start, first.stretch.end) == ((1, 5), (1, 9))
    assert (second.stretch.start, second.stretch.end) == ((2, 3), (2, 6))


@pytest.mark.parametrize(
    "body",
    [
        '{a["b"]}',
        '{a[""]} {b}',
        '{f"{c["d"]}"}',
        '{a if"x"else"y"}',
        "{a:{b['w']}}",
    ],
)
def test_a_field_may_hold_the_quotes_of_its_string_from_python_312(body: str) -> None:
    assert written(f'f"{body}"') == [("f", '"', body)]


@pytest.mark.parametrize(
    "body",
    [
        r"\N{LEFT CURLY BRACKET}'",
        "{{'}}",
        "{a:'>10}",
        "{a!r:'^{width}}",
        "{(lambda b: {'c': b})(1)}",
        r"\{a}",
        r"\"{a}\\",
        "{a=}",
        "{a != b}",
    ],
)
def test_escapes_braces_and_specifications_do_not_hide_the_closing_quote(body: str) -> None:
    assert written(f'f"{body}" "next"') == [("f", '"', body), ("", '"', "next")]


def test_a_raw_string_has_no_named_characters() -> None:
    assert written(r'rf"\N{a}\"" "b"') == [("rf", '"', r"\N{a}\""), ("", '"', "b")]


def test_an_unclosed_string_has_no_parts() -> None:
    assert written('f"{a') == []
    assert written("f'{a[}'") == []


@pytest.mark.parametrize(
    ("code", "quote"),
    [("x = a", '"'), ("x = f'{a}'", '"'), ('x = f"{a}"', "'"), ("x = f'{b} {f\"{a}\"}'", None)],
)
def test_a_new_string_in_an_fstring_takes_the_other_quote(code: str, quote: str | None) -> None:
    parsed = parse(code, "code", "")
    rewrite = Rewrite(walk(parsed, FileFacts(), (), View(Module(), 1, 0)))
    names = [node for node in ast.walk(parsed.body[0]) if isinstance(node, ast.Name) and node.id == "a"]
    assert quote_inside(names[0], rewrite) == quote
