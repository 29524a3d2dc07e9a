"""The texts that the client has open, each with its checker. There is no second copy of them."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from chatbt.lsp.client import Json
from chatbt.lsp.folders import NOTHING
from chatbt.source.document import Document, Encoding, Position, Range
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import Problem, problems, suggestions_by_chunk
from chatbt.workspace.profile import Profile


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of a text, from `first` (0-based) to before `stop`, that the client knows under a URI of their own."""

    uri: str
    version: int | None
    first: int
    stop: int


class Open:
    """An open text: a file, which is one part, or a notebook, each of whose cells is one.

    `path` is where it lies on the disk, if it does. Columns are converted here and nowhere else in `lsp/`.
    """

    is_notebook = False

    def __init__(self, uri: str, path: Path | None, checker: Checker, encoding: Encoding) -> None:
        self.uri = uri
        self.path = path
        self.checker = checker
        self.encoding = encoding
        self.focus = 1
        """The line (1-based) where the user is."""
        self._problems: list[Problem] = []
        # What the problems are of: both are never changed, only exchanged.
        self._document: Document | None = None
        self._profile: Profile | None = None

    @property
    def document(self) -> Document:
        return self.checker.document

    @property
    def version(self) -> int | None:
        return self.checker.document.version

    @property
    def parts(self) -> Sequence[Part]:
        return (Part(self.uri, self.version, 0, len(self.document.lines)),)

    def problems(self) -> Sequence[Problem]:
        """Everything that is found in the text as it is now, what is left to ruff included."""
        document, profile = self.checker.document, self.checker.profile
        if self._document is not document or self._profile is not profile:
            self._problems = [] if profile is NOTHING else problems(self.checker)
            self._document, self._profile = document, profile
        return self._problems

    def suggestions(self, place: Range | None = None) -> Iterator[list[Problem]]:
        """The suggestions (that touch a stretch), a list for each chunk (that it reaches into), found one by one."""
        yield from suggestions_by_chunk(self.checker, place)

    def find(self, rule: str, start: Position) -> Problem | None:
        """What a pattern finds at a place, drawn or not."""
        suggested = chain.from_iterable(self.suggestions(Range(start, start)))
        found = (one for one in chain(self.problems(), suggested) if one.id == rule and one.stretch.start == start)
        return next(found, None)

    def change(self, changes: Sequence[Json], version: int | None) -> None:
        """Take the changes of one `didChange`, in order."""
        for change in changes:
            place, new = change.get("range"), change["text"]
            if place is None:
                self.checker.reset(Document.from_text(self.uri, new, version))
            else:
                stretch = from_client(self.document, place, self.encoding)
                self.checker.edit(stretch, new, version)
                self.focus = stretch.start.line

    def part_of(self, uri: str) -> Part | None:
        return next((part for part in self.parts if part.uri == uri), None)

    def part_at(self, line: int) -> Part:
        """The part that a line (1-based) is in."""
        parts = self.parts
        return parts[max(bisect_right(parts, line - 1, key=lambda part: part.first) - 1, 0)]

    def to_client(self, stretch: Range) -> tuple[Part, Json]:
        """A stretch as the client names it: a part, and a range in it."""
        part = self.part_at(stretch.start.line)
        return part, {
            "start": self._position(stretch.start, part),
            "end": self._position(stretch.end, part),
        }

    def from_client(self, uri: str, place: Json) -> Range | None:
        """The stretch that a range in a part means; None if the text has no such part, or it begins behind its end."""
        part = self.part_of(uri)
        if part is None or place["start"]["line"] > self._last_line(part):
            return None
        shifted = {edge: {**place[edge], "line": max(place[edge]["line"], 0) + part.first} for edge in ("start", "end")}
        return from_client(self.document, shifted, self.encoding)

    def _last_line(self, part: Part) -> int:
        """The last line (0-based) of a part that a cursor can be in: behind a file's last line ending, for one."""
        count = part.stop - part.first
        return count if count and self.document.lines[part.stop - 1].endswith(("\n", "\r")) else max(count - 1, 0)

    def _position(self, position: Position, part: Part) -> Json:
        line, character = self.document.to_client(position, self.encoding)
        return {"line": line - part.first, "character": character}


class Documents:
    """The open texts, by the URIs of their parts in the client's spelling."""

    def __init__(self) -> None:
        self._open: dict[str, Open] = {}

    def __iter__(self) -> Iterator[Open]:
        return iter(dict.fromkeys(self._open.values()))

    def get(self, uri: Any) -> Open | None:
        return self._open.get(uri) if isinstance(uri, str) else None

    def open(self, text: Open) -> None:
        """Take a text for the one that is open under its URI and those of its parts."""
        self._open[text.uri] = text
        for part in text.parts:
            self._open[part.uri] = text

    def forget(self, text: Open) -> None:
        """The text is not open any more."""
        for uri in [uri for uri, one in self._open.items() if one is text]:
            del self._open[uri]


def from_client(document: Document, place: Json, encoding: Encoding) -> Range:
    """The stretch that a client's range means; whatever lies outside the text becomes the nearest place inside."""
    start, end = place["start"], place["end"]
    first = document.from_client(start["line"], start["character"], encoding)
    last = document.from_client(end["line"], end["character"], encoding)
    return Range(min(first, last), max(first, last))
