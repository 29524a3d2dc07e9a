"""Each finding with the code it is about, a caret under the place, and what would mend it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from chatbt.cli.options.files import shown_path
from chatbt.cli.output.colour import Paint, style
from chatbt.cli.output.concise import cell_of
from chatbt.cli.output.terminal import caret, visible
from chatbt.source.document import split_lines
from chatbt.workspace.check_reading import UnreadableError, decoded, read
from chatbt.workspace.check_result import Record, Result

_AROUND = 2  # lines
_WIDEST = 300  # characters of a line; of wider ones a part is shown
_BEFORE = 60  # characters before the place, where a part is shown


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
        f"{paint(one.code, 'bold red')}{paint(mark, 'cyan')} {paint(visible(one.message), 'bold')}",
        f"{' ' * width}{paint('-->', 'blue')} {path}:{cell_of(one)}{one.row}:{one.column}",
    ]
    if last >= first:
        text.append(f"{' ' * width} {bar}")
    start, stop = one.column - 1, one.end_column - 1 if one.end_row == one.row else None
    cut = max(start - _BEFORE, 0) if any(len(line) > _WIDEST for line in lines[first - 1 : last]) else 0
    for number in range(first, last + 1):
        line = lines[number - 1].rstrip("\r\n")[cut:][:_WIDEST]
        text.append(f"{paint(str(number).rjust(width), 'blue')} {bar} {visible(line)}".rstrip())
        if number == one.row:
            carets = caret(line, start - cut, None if stop is None else stop - cut)
            text.append(f"{' ' * width} {bar} {paint(carets, 'bold red')}")
    if last >= first:
        text.append(f"{' ' * width} {bar}")
    for row, _, message in one.related:
        text.append(f"{paint('note:', 'bold')} line {row}: {visible(message)}")
    if one.fix:
        text.append(f"{paint('help:', 'bold cyan')} {one.fix.message}")
        if not mark:
            flags = "--unsafe-fixes" if one.shown else "--all --unsafe-fixes"
            text.append(f"{paint('note:', 'bold')} this fix needs a look; `chatbt fix {flags}` applies it")
    return "\n".join(text) + "\n\n"
