"""The code line and its caret, as a terminal shows them."""

import io

from chatbt.cli.output.full import full
from chatbt.workspace.check_result import PlainFix, Record, Result


def record(row: int, column: int, end_row: int, end_column: int) -> Record:
    return Record("CC001", "a-rule", "what happens", "warning", row, column, end_row, end_column, True, "0")


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


def test_of_a_very_long_line_a_part_is_shown() -> None:
    line = b"x" * 500_000 + b"HERE" + b"y" * 500_000
    text = written(record(1, 500_001, 1, 500_005), content=line)
    assert len(text) < 1000
    code, carets = text.splitlines()[3:5]
    assert code[carets.index("^") : carets.rindex("^") + 1] == "HERE"


def test_a_message_cannot_command_the_terminal() -> None:
    assert "\x1b" not in written(record(1, 1, 1, 2)._replace(message="\x1b[2J"), content=b"x")
