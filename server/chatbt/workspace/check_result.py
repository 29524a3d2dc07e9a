"""Findings as plain values, which travel between processes, lie in the cache and are written out."""

from typing import Any, NamedTuple


class PlainEdit(NamedTuple):
    """Replace a stretch by `content`. Rows and columns from 1, columns in code points."""

    row: int
    column: int
    end_row: int
    end_column: int
    content: str


class PlainFix(NamedTuple):
    """A fix that has climbed the ladder; `applicability` is "safe" or "unsafe"."""

    applicability: str
    message: str
    edits: tuple[PlainEdit, ...]


class Record(NamedTuple):
    """One finding. Rows and columns from 1, columns in code points; the end is behind the last character.

    `shown` is False for what is left to ruff and for suggestions. `fingerprint` names the finding wherever it stands in
    its file: made of rule, text and enclosing symbol. `related` are (row, column, message). In a notebook `cell` is the
    number of the cell, and rows count within it.
    """

    code: str
    name: str
    message: str
    severity: str
    row: int
    column: int
    end_row: int
    end_column: int
    shown: bool
    fingerprint: str
    related: tuple[tuple[int, int, str], ...] = ()
    fix: PlainFix | None = None
    cell: int | None = None

    def plain(self) -> list[Any]:
        """As JSON has it."""
        fix = self.fix and [*self.fix[:2], [list(edit) for edit in self.fix.edits]]
        return [*self[:-3], [list(one) for one in self.related], fix, self.cell]

    @classmethod
    def of_plain(cls, plain: list[Any]) -> "Record":
        """The inverse of `plain`."""
        *fields, related, fix, cell = plain
        made = fix and PlainFix(fix[0], fix[1], tuple(PlainEdit(*edit) for edit in fix[2]))
        places = tuple((row, column, message) for row, column, message in related)
        return cls._make((*fields, places, made, cell))


class Stamp(NamedTuple):
    """The state of a file on the disk: bytes, time of the last change in ns (0: too recent to rely on), inode."""

    size: int
    time: int
    inode: int


class Result(NamedTuple):
    """What became of a file: its findings in the order of the text, or why it could not be read.

    `stamp` and `digest` say which state of the file that was; `content` is what it holds where that is not on the disk.
    """

    path: str
    records: tuple[Record, ...] = ()
    error: str | None = None
    stamp: Stamp | None = None
    digest: str = ""
    content: bytes | None = None
