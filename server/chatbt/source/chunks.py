"""Chunks: the units of incremental analysis, a pure function of the text.

A chunk is a top-level `def`, a run of other top-level statements, or, of a top-level class, its header, a method, or a
run of other members. Whole lines, and it parses alone: so the chunks' statements one after the other are what
`ast.parse` says of the whole. A stretch that does not parse is a chunk with a `Fault`, its neighbours keep theirs.
"""

import ast
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from chatbt.source.document import split_lines
from chatbt.source.segments import End, Segment, segment

Role = Literal["code", "def", "header", "member"]
WRAPPER = "class _:\n"
LONGEST = 1_000_000  # characters that are parsed in one piece; what is longer is data, and may take gigabytes


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a chunk does not parse: the message, and where, relative to the chunk's first line (line 0)."""

    message: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(slots=True, eq=False)
class Parsed:
    """What one stretch of text is by itself, wherever it stands.

    `body` holds its statements; a node's line minus `first` is its line within the chunk. A header's body is its class
    with a placeholder for the members.
    """

    text: str
    role: Role
    indent: str
    body: list[ast.stmt]
    first: int
    fault: Fault | None = None


@dataclass(slots=True, eq=False)
class Chunk:
    """A parsed stretch at its place: `start` is its first line, 0-based. `owner` is the header of its class."""

    parsed: Parsed
    start: int
    count: int
    owner: "Chunk | None" = None

    @property
    def stop(self) -> int:
        return self.start + self.count


@dataclass(slots=True, eq=False)
class Unit:
    """Chunks that are found together: of one statement or a run of them, or the header of a class.

    They follow from lines `[start, reach)` and from the class that they are in. `inside` is the header of the class
    that goes on behind them.
    """

    start: int
    stop: int
    reach: int
    chunks: list[Chunk]
    inside: Chunk | None = None

    @property
    def owner(self) -> Chunk | None:
        """The header of the class that the unit is in."""
        return self.chunks[0].owner

    def copy(self, copies: dict[Chunk, Chunk]) -> "Unit":
        """A unit that can be moved by itself; `copies` has the chunks copied before, and takes those of this unit."""
        for chunk in self.chunks:
            owner = copies[chunk.owner] if chunk.owner is not None else None
            copies[chunk] = Chunk(chunk.parsed, chunk.start, chunk.count, owner)
        inside = copies[self.inside] if self.inside is not None else None
        return Unit(self.start, self.stop, self.reach, [copies[chunk] for chunk in self.chunks], inside)

    def move(self, lines: int) -> None:
        self.start += lines
        self.stop += lines
        self.reach += lines
        for chunk in self.chunks:
            chunk.start += lines


def parse_source(text: str) -> ast.Module:
    """`ast.parse` without its warnings; whatever is wrong with the text is a SyntaxError."""
    if len(text) > LONGEST:
        raise SyntaxError(f"too long to be read: {len(text):,} characters in one piece, of at most {LONGEST:,}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (RecursionError, MemoryError) as error:
            raise SyntaxError("nested too deeply to be read") from error
        except UnicodeEncodeError as error:
            found = f"{text[error.start]!r} is half of a character, which stands alone"
            raise _error_at(found, text, error.start) from error
        except (SyntaxError, ValueError) as error:
            if "\0" in text:
                raise _error_at("a null byte cannot be part of Python code", text, text.index("\0")) from error
            if isinstance(error, SyntaxError):
                raise
            raise SyntaxError(str(error)) from error


def _error_at(message: str, text: str, offset: int) -> SyntaxError:
    before = split_lines(text[:offset] + "x")
    return SyntaxError(message, ("", len(before), len(before[-1]), ""))


def without_mark(text: str) -> str:
    """The text of a file with white space of as many bytes in the place of its byte order mark."""
    return "\f\f\f" + text[1:] if text.startswith("\ufeff") else text


def alone(text: str, role: Role, indent: str) -> tuple[str, int]:
    """What to parse for the chunk `text` to be by itself, and the number of the chunk's first line therein."""
    if role == "header":
        return text + ("" if text.endswith(("\n", "\r")) else "\n") + indent + "pass\n", 1
    if role == "member":
        return WRAPPER + text, 2
    return text, 1


def parse(text: str, role: Role, indent: str = "", *, at_top: bool = False) -> Parsed:
    """What `text`, whole lines at `indent`, is by itself; only at the top of a file may it start with a mark."""
    source, first = alone(text, role, indent)
    try:
        body = parse_source(without_mark(source) if at_top else source).body
    except SyntaxError as error:
        return Parsed(text, role, indent, [], first, fault_of(error, text, first))
    if role == "member":
        if len(body) != 1 or not isinstance(body[0], ast.ClassDef):
            return Parsed(text, role, indent, [], first, _wrong_dedent(body, first))
        body = body[0].body
    return Parsed(text, role, indent, body, first)


def _wrong_dedent(body: list[ast.stmt], first: int) -> Fault:
    line = body[1].lineno - first if len(body) > 1 else 0
    return Fault("unindent does not match any outer indentation level", line, 0, line, 1)


def fault_of(error: SyntaxError, text: str, first: int) -> Fault:
    """The place of a syntax error, in bytes, kept inside the chunk and, if it spans lines, on its first.

    CPython counts lines from `first` and characters from 1, and may name places outside of the text.
    """
    lines = split_lines(text) or [""]
    line = min(max((error.lineno or first) - first, 0), len(lines) - 1)
    source = lines[line].rstrip("\r\n")
    start = min(max((error.offset or 1) - 1, 0), max(len(source) - 1, 0))
    end = len(source)
    if (error.end_lineno or 0) - first <= line:
        end = min(max((error.end_offset or 0) - 1, start + 1), end)
    in_bytes = [len(source[:column].encode("utf-8", "surrogatepass")) for column in (start, end)]
    return Fault(error.msg, line, in_bytes[0], line, in_bytes[1])


class Chunker:
    """Finds the chunks of `lines`. What it has learned is not parsed again."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self._known: dict[tuple[str, Role, str], Parsed] = {}

    def learn(self, unit: Unit) -> None:
        """Use what was parsed for `unit` where the same text comes up again."""
        for chunk in unit.chunks:
            parsed = chunk.parsed
            self._known[parsed.text, parsed.role, parsed.indent] = parsed

    def units(self) -> Iterator[Unit]:
        """All units, in order."""
        start, owner = 0, None
        while start < len(self.lines):
            unit = self.unit(start, owner)
            yield unit
            start, owner = unit.stop, unit.inside

    def unit(self, start: int, owner: Chunk | None) -> Unit:
        """The unit at line `start`, where one begins, in the class with the header `owner` or at top level."""
        indent = owner.parsed.indent if owner is not None else ""
        first = segment(self.lines, start, indent)
        if first.body:
            header = self._chunk(start, first.stop, "header", first.body)
            return Unit(start, first.stop, first.reach, [header], header)
        segments, reach = self._run(first, indent) if first.kind == "code" else ([first], first.reach)
        role: Role = "member" if owner is not None else "code" if first.kind == "code" else "def"
        chunks, end = self._chunks(segments, role, indent)
        for chunk in chunks:
            chunk.owner = owner
        return Unit(start, end.line, reach, chunks, None if end.leaves else owner)

    def _run(self, first: Segment, indent: str) -> tuple[list[Segment], int]:
        """The segments that define nothing from `first` on, as many as can be read in one piece; their reach."""
        segments, reach = [first], first.reach
        size = self._size(first)
        while not segments[-1].end.leaves and segments[-1].stop < len(self.lines):
            following = segment(self.lines, segments[-1].stop, indent)
            if following.kind != "code":
                return segments, max(reach, following.head + 1)
            reach = max(reach, following.reach)
            size += self._size(following)
            if size > LONGEST:
                break
            segments.append(following)
        return segments, reach

    def _size(self, one: Segment) -> int:
        return sum(map(len, self.lines[one.start : one.stop]))

    def _chunks(self, segments: list[Segment], role: Role, indent: str) -> tuple[list[Chunk], End]:
        """Segments as one chunk if they parse, else a chunk for each stretch that does; and where they end."""
        start, end = segments[0].start, segments[-1].end
        if not any(one.broken for one in segments):
            whole = self._chunk(start, end.line, role, indent)
            if whole.parsed.fault is None:
                return [whole], end
        chunks: list[Chunk] = []
        for one in segments:
            if not one.broken or one.early is None:
                alone = self._chunk(one.start, one.stop, role, indent)
                if alone.parsed.fault is None:
                    continue
            if start < one.start:
                chunks.append(self._chunk(start, one.start, role, indent))
            if one.early is not None:
                return [*chunks, self._chunk(one.start, one.early.line, role, indent)], one.early
            chunks.append(alone)
            start = one.stop
        if start < end.line:
            chunks.append(self._chunk(start, end.line, role, indent))
        return chunks, end

    def _chunk(self, start: int, stop: int, role: Role, indent: str) -> Chunk:
        text = "".join(self.lines[start:stop])
        parsed = None if text.startswith("\ufeff") else self._known.get((text, role, indent))
        if parsed is None:
            parsed = self._known[text, role, indent] = parse(text, role, indent, at_top=start == 0)
        return Chunk(parsed, start, stop - start)
