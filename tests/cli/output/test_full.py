"""The code line and its caret, as a terminal shows them."""

import io

import pytest

from chatbt.cli.output.full import caret, columns, full, visible
from chatbt.workspace.check_result import PlainFix, Record, Result


def record(row: int, column: int, end_row: int, end_column: int) -> Record:
    return Record("CC001", "a-rule", "what happens", "warning", row, column, end_row, end_column, True, "0")


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
    one = record(1, start + 1, 1, start + len(marked) + 1)
    drawn = caret(line, one)
    assert len(drawn) - len(drawn.lstrip()) == columns(visible(line[:start]))
    assert drawn.count("^") == columns(visible(marked))


def test_widths_are_those_of_terminals() -> None:
    assert [columns(text) for text in ("ab", "日本", "e\u0301", "👍", "\u200b")] == [2, 4, 1, 2, 0]


def test_control_characters_cannot_reach_the_terminal() -> None:
    assert visible("a\tb\x1b[31m\x7f\x9b\u2028") == "a    b␛[31m␡��"


def test_an_empty_place_has_one_caret() -> None:
    assert caret("x = 1", record(1, 3, 1, 3)) == "  ^"


def test_of_many_lines_the_first_is_marked_to_its_end() -> None:
    assert caret("x = [  ", record(1, 5, 3, 2)) == "    ^"


def written(*records: Record, content: bytes) -> str:
    out = io.StringIO()
    full([Result("/a.py", records, content=content)], out)
    return out.getvalue()


def test_a_finding_is_shown_with_two_lines_around_it() -> None:
    content = b"".join(b"line %d\n" % number for number in range(1, 12))
    assert written(record(9, 1, 9, 5), content=content) == (
        "CC001 what happens\n"
        "  --> /a.py:9:1\n"
        "   |\n"
        " 7 | line 7\n"
        " 8 | line 8\n"
        " 9 | line 9\n"
        "   | ^^^^\n"
        "10 | line 10\n"
        "11 | line 11\n"
        "   |\n\n"
    )


def test_fixes_and_related_places_are_told() -> None:
    one = record(1, 1, 1, 2)._replace(related=((7, 1, "it is changed here"),))
    safe = one._replace(fix=PlainFix("safe", "Do it", ()))
    assert written(safe, content=b"x\n").endswith("note: line 7: it is changed here\nhelp: Do it\n\n")
    assert written(safe, content=b"x\n").startswith("CC001 [*] what happens\n")
    unsafe = one._replace(fix=PlainFix("unsafe", "Do it", ()))
    assert "note: this fix needs a look; `chatbt fix --unsafe-fixes` applies it\n" in written(unsafe, content=b"x\n")


def test_a_file_that_has_vanished_is_reported_without_code() -> None:
    out = io.StringIO()
    full([Result("/no/such/file.py", (record(3, 1, 3, 2),))], out)
    assert out.getvalue() == "CC001 what happens\n --> /no/such/file.py:3:1\n\n"
