"""Each finding with the code it is about, a caret under the place, and what would mend it."""

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from chatbt.cli.options.files import shown_path
from chatbt.cli.output.colour import Paint, style
from chatbt.cli.output.concise import cell_of
from chatbt.source.document import split_lines
from chatbt.workspace.check_reading import UnreadableError, decoded, read
from chatbt.workspace.check_result import Record, Result

_AROUND = 2
_TAB = "    "


def full(results: Sequence[Result], out: TextIO) -> None:
    paint = style(out)
    for result in results:
        if not result.records:
            continue
        code = Code(result)
        out.writelines(_finding(one, shown_path(result.path), code.lines(one.cell), paint) for one in result.records)


class Code:
    """The lines that a file's findings are about; none where it has vanished meanwhile, or cannot be decoded."""

    def __init__(self, result: Result) -> None:
        path = Path(result.path)
        try:
            file = read(path) if result.content is None else decoded(path, result.content)
            self._text = file.text
        except UnreadableError:
            self._text = ""

    def lines(self, cell: int | None) -> list[str]:
        """The lines of the file, or of one of a notebook's cells."""
        if cell is None or not self._text:
            return split_lines(self._text)
        return split_lines("".join(json.loads(self._text)["cells"][cell - 1]["source"]))


def _finding(one: Record, path: str, lines: Sequence[str], paint: Paint) -> str:
    first = max(one.row - _AROUND, 1)
    last = min(one.row + _AROUND, len(lines))
    width = len(str(last))
    bar = paint("|", "blue")
    mark = " [*]" if one.fix and one.fix.applicability == "safe" else ""
    text = [
        f"{paint(one.code, 'bold red')}{paint(mark, 'cyan')} {paint(one.message, 'bold')}",
        f"{' ' * width}{paint('-->', 'blue')} {path}:{cell_of(one)}{one.row}:{one.column}",
    ]
    if last >= first:
        text.append(f"{' ' * width} {bar}")
    for number in range(first, last + 1):
        line = lines[number - 1].rstrip("\r\n")
        text.append(f"{paint(str(number).rjust(width), 'blue')} {bar} {visible(line)}".rstrip())
        if number == one.row:
            text.append(f"{' ' * width} {bar} {paint(caret(line, one), 'bold red')}")
    if last >= first:
        text.append(f"{' ' * width} {bar}")
    for row, _, message in one.related:
        text.append(f"{paint('note:', 'bold')} line {row}: {message}")
    if one.fix:
        text.append(f"{paint('help:', 'bold cyan')} {one.fix.message}")
        if not mark:
            text.append(f"{paint('note:', 'bold')} this fix needs a look; `chatbt fix --unsafe-fixes` applies it")
    return "\n".join(text) + "\n\n"


def caret(line: str, one: Record) -> str:
    """What stands under a line: spaces up to the place, carets below it. Of a place over many lines, the first."""
    start = one.column - 1
    stop = one.end_column - 1 if one.end_row == one.row else len(line.rstrip())
    return " " * columns(visible(line[:start])) + "^" * max(columns(visible(line[start:stop])), 1)


def visible(text: str) -> str:
    """A line of code as a terminal can show it: tabs are four spaces, other control characters have their picture."""
    if text.isprintable():
        return text
    return "".join(_TAB if one == "\t" else _picture(one) for one in text)


def _picture(character: str) -> str:
    if unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp"):
        return character
    code = ord(character)
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "�"


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
