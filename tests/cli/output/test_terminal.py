"""Carets and widths, as terminals count."""

import pytest

from chatbt.cli.output.terminal import caret, columns, visible


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("x = [1]", "[1]"),
        ("\tx = [1]", "[1]"),
        ("x = '日本' + [1]", "[1]"),
        ("x = '日本'", "'日本'"),
        ("x = '👍🏽' + [1]", "[1]"),
        ("x = 'é' + [1]", "[1]"),
        ("x = '\x0c' + [1]", "[1]"),
    ],
)
def test_the_caret_stands_under_the_place(line: str, marked: str) -> None:
    start = line.index(marked)
    drawn = caret(line, start, start + len(marked))
    assert len(drawn) - len(drawn.lstrip()) == columns(visible(line[:start]))
    assert drawn.count("^") == columns(visible(marked))


def test_widths_are_those_of_terminals() -> None:
    assert [columns(text) for text in ("ab", "日本", "e\u0301", "👍", "\u200b")] == [2, 4, 1, 2, 0]


def test_control_characters_cannot_reach_the_terminal() -> None:
    assert visible("a\tb\x1b[31m\x7f\x9b\u2028") == "a    b␛[31m␡��"


def test_an_empty_place_has_one_caret() -> None:
    assert caret("x = 1", 2, 2) == "  ^"


def test_of_many_lines_the_first_is_marked_to_its_end() -> None:
    assert caret("x = [  ", 4, None) == "    ^"
