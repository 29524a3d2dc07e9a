"""A document: an immutable text with a version, and the only place where columns are converted.

Inside the house a position is what `ast` says: a 1-based line and a column in UTF-8 bytes. Clients count lines from 0
and columns in the unit they negotiated; libcst counts code points. Lines end at LF, CR LF or CR and nowhere else:
`str.splitlines` also cuts at form feeds and U+2028, `ast` and LSP do not.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Encoding(StrEnum):
    """The unit of a column, by its LSP name; `POINTS` are Unicode code points, which LSP calls utf-32."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    POINTS = "utf-32"


class Position(NamedTuple):
    """A place in a document: 1-based line, column in UTF-8 bytes."""

    line: int
    column: int


class Range(NamedTuple):
    """A half-open stretch of a document."""

    start: Position
    end: Position

    @classmethod
    def of(cls, line: int, column: int, end_line: int, end_column: int) -> "Range":
        return cls(Position(line, column), Position(end_line, end_column))

    def shifted(self, lines: int) -> "Range":
        """The same stretch, `lines` further down."""
        (line, column), (end_line, end_column) = self
        return Range(Position(line + lines, column), Position(end_line + lines, end_column))

    def touches(self, other: "Range") -> bool:
        """Whether the two share a character or an edge (an empty range is a cursor)."""
        return self.start <= other.end and other.start <= self.end

    def contains(self, other: "Range") -> bool:
        return self.start <= other.start and other.end <= self.end


def split_lines(text: str) -> list[str]:
    """The lines of `text`, each with its own ending; no line follows a final line ending."""
    return list(io.StringIO(text, newline=""))


def _paired(text: str) -> str:
    """`text` where two halves of a character that a client sent one by one are that character."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _prefix(line: str, units: int, encoding: Encoding) -> str:
    """The characters that lie wholly within the first `units` units of `line`."""
    if line.isascii() or encoding is Encoding.POINTS:
        return line[: max(units, 0)]
    if encoding is Encoding.UTF8:
        data = line.encode("utf-8", "surrogatepass")
        stop = min(max(units, 0), len(data))
        while 0 < stop < len(data) and data[stop] & 0xC0 == 0x80:  # a byte that continues a character
            stop -= 1
        return data[:stop].decode("utf-8", "surrogatepass")
    data = line.encode("utf-16-le", "surrogatepass")
    stop = min(2 * max(units, 0), len(data))
    if 0 < stop < len(data) and data[stop - 1] & 0xFC == 0xD8 and data[stop + 1] & 0xFC == 0xDC:  # between two halves
        stop -= 2
    return data[:stop].decode("utf-16-le", "surrogatepass")


def _length(text: str, encoding: Encoding) -> int:
    """How many units `text` is long."""
    if text.isascii() or encoding is Encoding.POINTS:
        return len(text)
    if encoding is Encoding.UTF8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(line: str, start: int, stop: int | None) -> str:
    """Bytes `[start, stop)` of `line` as text."""
    if line.isascii():
        return line[start:stop]
    return line.encode("utf-8", "surrogatepass")[start:stop].decode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """An immutable text. `uri` names it, `version` orders its states (None on disk), `lines` keep their endings."""

    uri: str
    lines: Sequence[str]
    version: int | None = None

    @classmethod
    def from_text(cls, uri: str, text: str, version: int | None = None) -> "Document":
        return cls(uri, split_lines(_paired(text)), version)

    @property
    def text(self) -> str:
        return "".join(self.lines)

    @property
    def line_ending(self) -> str:
        """The ending of the first line, which new lines get too."""
        first = self.lines[0] if self.lines else ""
        return first[len(first.rstrip("\r\n")) :] or "\n"

    @property
    def end(self) -> Position:
        """The position behind the last character."""
        if not self.lines:
            return Position(1, 0)
        last = self.lines[-1]
        if last.endswith(("\n", "\r")):
            return Position(len(self.lines) + 1, 0)
        return Position(len(self.lines), _length(last, Encoding.UTF8))

    def line(self, number: int) -> str:
        """Line `number` (1-based) without its ending; empty beyond the end."""
        return self.lines[number - 1].rstrip("\r\n") if 0 < number <= len(self.lines) else ""

    def to_client(self, position: Position, encoding: Encoding) -> tuple[int, int]:
        """(0-based line, character in client units) of `position`."""
        line = self.lines[position.line - 1] if 0 < position.line <= len(self.lines) else ""
        return position.line - 1, _length(_prefix(line, position.column, Encoding.UTF8), encoding)

    def from_client(self, line: int, character: int, encoding: Encoding) -> Position:
        """The position of a client's 0-based line and character; places outside the text become the nearest inside."""
        if line < 0:
            return Position(1, 0)
        if line >= len(self.lines):
            return self.end
        before = _prefix(self.line(line + 1), character, encoding)
        return Position(line + 1, _length(before, Encoding.UTF8))

    def to_points(self, position: Position) -> tuple[int, int]:
        """(1-based line, column in code points), as libcst and tokenize count."""
        line, column = self.to_client(position, Encoding.POINTS)
        return line + 1, column

    def offset(self, position: Position) -> int:
        """The index into `text` of `position`."""
        before = sum(map(len, self.lines[: position.line - 1]))
        if position.line > len(self.lines):
            return before
        return before + len(_prefix(self.lines[position.line - 1], position.column, Encoding.UTF8))

    def slice(self, stretch: Range) -> str:
        """The text of `stretch`."""
        lines = list(self.lines[stretch.start.line - 1 : stretch.end.line])
        if not lines:
            return ""
        if stretch.end.line <= len(self.lines):
            lines[-1] = _cut(lines[-1], 0, stretch.end.column)
        lines[0] = _cut(lines[0], stretch.start.column, None)
        return "".join(lines)

    def replaced(self, stretch: Range, text: str, version: int | None = None) -> tuple["Document", "Splice"]:
        """The document with `stretch` replaced by `text`, and which lines that exchanged."""
        (first, column), (last, end_column) = sorted(min(place, self.end) for place in stretch)
        head = _cut(self.lines[first - 1], 0, column) if first <= len(self.lines) else ""
        tail = _cut(self.lines[last - 1], end_column, None) if last <= len(self.lines) else ""
        # A lone CR and a LF that become neighbours are one ending: the joined text is split again, with the line
        # before when the edit starts a line, and the line after when it ends one.
        start, stop = min(first - 1, len(self.lines)), min(last, len(self.lines))
        if column == 0 and start > 0 and self.lines[start - 1].endswith("\r"):
            start -= 1
            head = self.lines[start] + head
        middle = head + text + tail
        if not middle.endswith("\n") and stop < len(self.lines):
            middle += self.lines[stop]
            stop += 1
        new = split_lines(_paired(middle))
        lines = list(self.lines)
        old, lines[start:stop] = lines[start:stop], new
        before = _common(old, new)
        behind = _common(old[before:][::-1], new[before:][::-1])
        return Document(self.uri, lines, version), Splice(start + before, stop - behind, start + len(new) - behind)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines from the first on are the same."""
    different = (index for index, (left, right) in enumerate(zip(one, other, strict=False)) if left != right)
    return next(different, min(len(one), len(other)))


class Splice(NamedTuple):
    """Lines `[start, stop)` of the old document (0-based) became `[start, new_stop)` of the new one."""

    start: int
    stop: int
    new_stop: int

    @property
    def growth(self) -> int:
        return self.new_stop - self.stop
