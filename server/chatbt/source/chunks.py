"""Chunks: the units of incremental analysis, a pure function of the text.

A chunk is a top-level `def`, a run of other top-level statements, or, of a top-level class, its header, a method, or a
run of other members. Whole lines, and it parses alone: so the chunks' statements one after the other are what
`ast.parse` says of the whole. A stretch that does not parse is a chunk with a `Fault`, its neighbours keep theirs.
"""

import ast
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from chatbt.source.document import split_lines
from chatbt.source.segments import Segment, class_body, is_content, segment

Role = Literal["code", "def", "header", "member"]
WRAPPER = "class _:\n"


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
    facts: object = None


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
    """Chunks that are found together: of one top-level statement, or a run of them.

    `reach` is the first line that had no say in it. `members` is the first member line and the indentation when the
    chunks are a class whose members can be found again one by one.
    """

    start: int
    stop: int
    reach: int
    chunks: list[Chunk]
    members: tuple[int, str] | None = None

    def copy(self, copies: "dict[Chunk, Chunk]") -> "Unit":
        """A unit that can be moved by itself; `copies` takes each chunk's copy."""
        for chunk in self.chunks:
            owner = copies.get(chunk.owner) if chunk.owner is not None else None
            copies[chunk] = Chunk(chunk.parsed, chunk.start, chunk.count, owner)
        return Unit(self.start, self.stop, self.reach, [copies[chunk] for chunk in self.chunks], self.members)

    def move(self, lines: int) -> None:
        self.start += lines
        self.stop += lines
        self.reach += lines
        if self.members:
            self.members = (self.members[0] + lines, self.members[1])
        for chunk in self.chunks:
            chunk.start += lines


def parse_source(text: str) -> ast.Module:
    """`ast.parse` without its warnings; whatever is wrong with the text is a SyntaxError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError:
            raise
        except (ValueError, RecursionError, MemoryError) as error:
            reason = "nested too deeply to be read" if isinstance(error, (RecursionError, MemoryError)) else str(error)
            raise SyntaxError(reason, ("", 1, 1, "")) from error


def parse(text: str, role: Role, indent: str) -> Parsed:
    """What `text`, whole lines at `indent`, is by itself."""
    source, first = text, 1
    if role == "header":
        source = text + ("" if text.endswith(("\n", "\r")) or not text else "\n") + indent + "pass\n"
    elif indent:
        source, first = WRAPPER + text, 2
    elif text.startswith("\ufeff"):
        source = text[1:]
    try:
        body = parse_source(source).body
    except SyntaxError as error:
        return Parsed(text, role, indent, [], first, fault_of(error, text, first))
    if role == "member":
        if not body and not any(map(is_content, split_lines(text))):
            return Parsed(text, role, indent, [], first)
        if len(body) != 1 or not isinstance(body[0], ast.ClassDef):
            return Parsed(text, role, indent, [], first, _wrong_dedent(text, body, first))
        body = body[0].body
    return Parsed(text, role, indent, body, first)


def _wrong_dedent(text: str, body: list[ast.stmt], first: int) -> Fault:
    line = body[1].lineno - first if len(body) > 1 else 0
    return Fault("unindent does not match any outer indentation level", line, 0, line, 1)


def fault_of(error: SyntaxError, text: str, first: int) -> Fault:
    """The place of a syntax error, in bytes, kept inside the chunk whatever CPython says."""
    lines = split_lines(text) or [""]
    line = min(max((error.lineno or first) - first, 0), len(lines) - 1)
    source = lines[line].rstrip("\r\n")
    start = min(max((error.offset or 1) - 1, 0), len(source))
    end_line = min(max((error.end_lineno or 0) - first, line), len(lines) - 1)
    end = max((error.end_offset or 0) - 1, start) if end_line == line else 0
    end = min(end if end > start else start + 1, len(source))
    start = min(start, max(end - 1, 0)) if end_line == line else start
    if end_line > line:
        end_line, end = line, len(source)
    return Fault(error.msg, line, len(source[:start].encode("utf-8", "surrogatepass")), end_line,
                 len(source[:end].encode("utf-8", "surrogatepass")))  # fmt: skip


@dataclass(slots=True)
class Chunker:
    """Finds the chunks of `lines`; `known` maps (text, role, indent) to what was parsed before."""

    lines: Sequence[str]
    known: dict[tuple[str, str, str], Parsed] = field(default_factory=dict)

    def units(self, start: int) -> Iterator[Unit]:
        """The units from line `start` on, where one begins."""
        stop = len(self.lines)
        while start < stop:
            unit = self._unit(start, stop)
            yield unit
            start = unit.stop

    def _unit(self, start: int, stop: int) -> Unit:
        first = segment(self.lines, start, stop)
        if first.kind == "code":
            return self._run(first, stop)
        if first.kind == "def":
            chunks, end = self._definition(first, "def", "")
            return Unit(start, end, first.reach, chunks)
        return self._class(first, stop)

    def _run(self, first: Segment, stop: int) -> Unit:
        """Consecutive statements that define no function or class."""
        segments, reach = [first], first.reach
        while segments[-1].stop < stop:
            following = segment(self.lines, segments[-1].stop, stop)
            if following.kind != "code":
                reach = max(reach, following.head + 1)
                break
            segments.append(following)
            reach = max(reach, following.reach)
        chunks, end, reach = self._statements(segments, reach, "code", "")
        return Unit(first.start, end, reach, chunks)

    def _statements(self, segments: list[Segment], reach: int, role: Role, indent: str) -> tuple[list[Chunk], int, int]:
        """A run as one chunk if it parses, else one chunk for each stretch that does; (chunks, end, reach)."""
        start, end = segments[0].start, segments[-1].stop
        whole = self._chunk(start, end, role, indent)
        if whole.parsed.fault is None or (len(segments) == 1 and segments[0].suspect is None):
            return [whole], end, reach
        chunks: list[Chunk] = []
        good: list[Segment] = []
        for piece in segments:
            alone = self._chunk(piece.start, piece.stop, role, indent)
            if alone.parsed.fault is None:
                good.append(piece)
                continue
            if good:
                chunks.append(self._chunk(good[0].start, good[-1].stop, role, indent))
                good = []
            if piece.suspect is not None:
                chunks.append(self._chunk(piece.start, piece.suspect, role, indent))
                return chunks, piece.suspect, reach
            chunks.append(alone)
        if good:
            chunks.append(self._chunk(good[0].start, good[-1].stop, role, indent))
        return chunks, end, reach

    def _definition(self, found: Segment, role: Role, indent: str) -> tuple[list[Chunk], int]:
        """One definition as a chunk, and its end: at its suspect if it does not parse as it is."""
        chunk = self._chunk(found.start, found.stop, role, indent)
        if chunk.parsed.fault is None or found.suspect is None:
            return [chunk], found.stop
        return [self._chunk(found.start, found.suspect, role, indent)], found.suspect

    def _class(self, found: Segment, stop: int) -> Unit:
        body = class_body(self.lines, found)
        if body is None:
            chunks, end = self._definition(found, "def", "")
            return Unit(found.start, end, found.reach, chunks)
        start, indent = body
        header = self._chunk(found.start, start, "header", indent)
        chunks, end, reach, certain = [header], found.stop, found.reach, True
        while start < end:
            members, start, cut = self.members(start, end, indent)
            chunks += members
            if cut:
                # The string that was cut may have hidden where the class ends.
                certain = False
                inside = self.lines[start].startswith(indent)
                rest = segment(self.lines, start, stop, begun=True)
                end, reach = (rest.stop if inside else start), max(reach, rest.reach)
        for chunk in chunks[1:]:
            chunk.owner = header
        return Unit(found.start, end, reach, chunks, body if certain else None)

    def members(self, start: int, stop: int, indent: str) -> tuple[list[Chunk], int, bool]:
        """The next chunks of a class body within lines `[start, stop)`: (chunks, their end, whether a string was cut).

        They are one definition, or one run of other members.
        """
        first = segment(self.lines, start, stop, indent)
        if first.kind != "code":
            chunks, end = self._definition(first, "member", indent)
            return chunks, end, end < first.stop
        segments = [first]
        while segments[-1].stop < stop:
            following = segment(self.lines, segments[-1].stop, stop, indent)
            if following.kind != "code":
                break
            segments.append(following)
        chunks, end, _ = self._statements(segments, 0, "member", indent)
        return chunks, end, end < segments[-1].stop

    def _chunk(self, start: int, stop: int, role: Role, indent: str) -> Chunk:
        text = "".join(self.lines[start:stop])
        parsed = self.known.get((text, role, indent))
        if parsed is None:
            parsed = parse(text, role, indent)
            self.known[text, role, indent] = parsed
        return Chunk(parsed, start, stop - start)
