"""Notebooks: the Python cells one after another as one text, magics made harmless in place."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from chatbt.lsp.capabilities import table
from chatbt.lsp.client import Json
from chatbt.lsp.documents import Open, Part, from_client
from chatbt.lsp.errors import REQUEST_FAILED, RefusedError
from chatbt.rewriting.fix import Edit
from chatbt.source.document import Document, Encoding, Position, Range, split_lines
from chatbt.source.notebook import python_of
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import Problem
from chatbt.workspace.profile import Profile


class Cell:
    """One Python cell: its text as the client has it, and as it is analysed."""

    def __init__(self, item: Json) -> None:
        self.uri: str = item["uri"]
        self.raw = Document.from_text(self.uri, item["text"], item.get("version"))
        self.is_python = item.get("languageId", "python") == "python"
        self._read()

    def _read(self) -> None:
        """`lines` stand for the cell in the notebook's text, `masked` are those (0-based) that are not its own."""
        raw = split_lines(f"{self.raw.text}\n")
        self.lines = split_lines(f"{python_of(self.raw.text)}\n") if self.is_python else []
        self.masked = {number for number, line in enumerate(self.lines) if line != raw[number]}

    def change(self, changes: Iterable[Json], version: int | None, encoding: Encoding) -> None:
        for change in changes:
            place = change.get("range")
            if place is None:
                self.raw = Document.from_text(self.uri, change["text"], version)
            else:
                self.raw, _ = self.raw.replaced(from_client(self.raw, place, encoding), change["text"], version)
        self._read()


class Notebook(Open):
    """An open notebook. Its text is that of its Python cells; each is a part."""

    is_notebook = True

    def __init__(
        self,
        uri: str,
        path: Path | None,
        version: int | None,
        cells: Sequence[Cell],
        profile: Profile,
        encoding: Encoding,
    ) -> None:
        self.cells = list(cells)
        super().__init__(uri, path, Checker(self._joined(uri, version), profile), encoding)
        self._lay_out()

    @property
    def parts(self) -> Sequence[Part]:
        return self._parts

    def problems(self) -> Sequence[Problem]:
        """As for a file, without what touches a line that is not as the client has it."""
        return self._own(super().problems())

    def suggestions(self, place: Range | None = None) -> Iterator[list[Problem]]:
        """As for a file, with the same left out."""
        for found in super().suggestions(place):
            yield self._own(found)

    def _own(self, found: Sequence[Problem]) -> list[Problem]:
        return [one for one in found if self._masked.isdisjoint(_lines(one.stretch))]

    def _last_line(self, part: Part) -> int:
        return part.stop - part.first - 1  # the last line ending of a cell is ours

    def within_cell(self, edit: Edit) -> Edit:
        """The edit as its cell takes it. RefusedError if it reaches into a magic or another cell."""
        (start, end), new = edit.stretch, edit.text
        part = self.part_at(start.line)
        if end == Position(part.stop + 1, 0) and new.endswith("\n"):
            # The last line's ending is ours: the client's cell ends before it.
            last = self.document.line(part.stop)
            end, new = Position(part.stop, len(last.encode("utf-8", "surrogatepass"))), new[:-1]
        stretch = Range(start, end)
        if end.line > part.stop or not self._masked.isdisjoint(_lines(stretch)):
            raise RefusedError(REQUEST_FAILED, "not applied: the edit would reach into a magic or another cell")
        return Edit(stretch, new)

    def change_cell(self, uri: str, changes: Sequence[Json], version: int | None, notebook_version: int | None) -> None:
        """Take the changes of one cell's text."""
        cell = next((one for one in self.cells if one.uri == uri), None)
        part = self.part_of(uri)
        if cell is None or part is None:
            return
        cell.change(changes, version, self.encoding)
        stretch = Range(Position(part.first + 1, 0), Position(part.stop + 1, 0))
        self.checker.edit(stretch, "".join(cell.lines), notebook_version)
        self.focus = stretch.start.line
        self._lay_out()

    def rearrange(self, cells: Sequence[Cell], version: int | None) -> None:
        """Take another list of cells."""
        self.cells = list(cells)
        self.checker.reset(self._joined(self.uri, version))
        self._lay_out()

    def _joined(self, uri: str, version: int | None) -> Document:
        return Document(uri, [line for cell in self.cells for line in cell.lines], version)

    def _lay_out(self) -> None:
        self._parts: list[Part] = []
        self._masked: set[int] = set()
        first = 0
        for cell in self.cells:
            stop = first + len(cell.lines)
            if cell.is_python:
                self._parts.append(Part(cell.uri, cell.raw.version, first, stop))
            self._masked |= {first + number + 1 for number in cell.masked}
            first = stop


def _lines(stretch: Range) -> range:
    return range(stretch.start.line, stretch.end.line + 1)


def cells_of(items: Iterable[Json], order: Sequence[Json]) -> list[Cell]:
    """The cells in the notebook's order, from their texts."""
    by_uri = {item["uri"]: Cell(item) for item in items}
    return [by_uri[uri] for one in order if (uri := table(one).get("document")) in by_uri]
