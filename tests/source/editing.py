"""A text that is edited with its chunks kept up to date, and what they must equal."""

import ast
import re
import sys
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path

from chatbt.source.chunks import LONGEST, Chunk, Chunker, Fault, Unit
from chatbt.source.document import Document, Range
from chatbt.source.incremental import Change, update
from chatbt.source.whole import all_units

Shown = tuple[int, int, str, str, str, Fault | None, int | None]


def stdlib(name: str) -> str:
    """The text of a module of the standard library."""
    return Path(sysconfig.get_path("stdlib"), name).read_text("utf-8")


def shown(units: list[Unit]) -> list[Shown]:
    """All there is to know of the chunks in `units`, but for their trees."""
    return [
        (
            chunk.start,
            chunk.count,
            parsed.role,
            parsed.indent,
            parsed.text,
            parsed.fault,
            owner.start if owner else None,
        )
        for unit in units
        for chunk in unit.chunks
        for parsed, owner in [(chunk.parsed, chunk.owner)]
    ]


class Edited:
    """A document and its chunks, brought up to date edit by edit."""

    def __init__(self, text: str) -> None:
        self.document = Document.from_text("", text)
        self.units = all_units(self.document.lines)
        self._scratch: list[Unit] = []

    @property
    def chunks(self) -> list[Chunk]:
        return [chunk for unit in self.units for chunk in unit.chunks]

    def replace(self, stretch: Range, text: str) -> Change:
        """Make one edit. What is not in its change may have moved, no more."""
        before = {chunk: (chunk.parsed, chunk.owner) for chunk in self.chunks}
        self.document, splice = self.document.replaced(stretch, text)
        change = update(self.units, self.document.lines, splice)
        for chunk in change.gone:
            del before[chunk]
        after = {chunk: (chunk.parsed, chunk.owner) for chunk in self.chunks}
        for chunk in change.come:
            del after[chunk]
        assert before == after
        return change

    def check(self, *, trees: bool = True) -> None:
        """The chunks are those of the text from scratch, and if the whole parses they say what it says."""
        lines = self.document.lines
        found = shown(self.units)
        whole = all_units(lines)
        assert found == shown(whole)
        assert [(unit.start, unit.stop) for unit in self.units] == [(unit.start, unit.stop) for unit in whole]
        chunker = Chunker(lines)
        for unit in self._scratch:
            chunker.learn(unit)
        self._scratch = list(chunker.units())
        assert found == shown(self._scratch)
        assert "".join(chunk.parsed.text for chunk in self.chunks) == self.document.text
        faulty = any(chunk.parsed.fault for chunk in self.chunks)
        if len(self.document.text) > LONGEST:
            return
        try:
            with warnings.catch_warnings(action="ignore"):
                tree = ast.parse(re.sub(r"\A\ufeff", "\f\f\f", self.document.text))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            assert faulty
            return
        assert not faulty
        if trees:
            assert list(_of_chunks(self.chunks)) == [row for node in tree.body for row in _of_statement(node, 0)]


def _of_chunks(chunks: list[Chunk]) -> Iterator[object]:
    for chunk in chunks:
        for node in chunk.parsed.body:
            shift = chunk.start + 1 - chunk.parsed.first
            if chunk.owner is None:
                yield from _of_statement(node, shift, body=chunk.parsed.role != "header")
            else:
                yield from _of_node(node, shift)


def _of_statement(node: ast.stmt, shift: int, *, body: bool = True) -> Iterator[object]:
    """A top-level statement, a class such that its body can be left out."""
    if not isinstance(node, ast.ClassDef):
        yield from _of_node(node, shift)
        return
    yield node.name, node.lineno + shift, node.col_offset
    for name, value in ast.iter_fields(node):
        if name != "body":
            yield from _of_value(value, shift, placed=True)
    if body:
        yield from _of_value(node.body, shift, placed=True)


def _of_node(node: ast.AST, shift: int, *, placed: bool = True) -> Iterator[object]:
    """Types, values and places, in a fixed order."""
    yield type(node)
    if placed and isinstance(node, ast.stmt | ast.expr | ast.arg | ast.keyword | ast.excepthandler):
        yield node.lineno + shift, node.col_offset, (node.end_lineno or 0) + shift, node.end_col_offset
    if isinstance(node, ast.JoinedStr) and sys.version_info < (3, 12):
        placed = False  # its insides are misplaced, and differ with what is around
    for _, value in ast.iter_fields(node):
        yield from _of_value(value, shift, placed=placed)


def _of_value(value: object, shift: int, *, placed: bool) -> Iterator[object]:
    if isinstance(value, ast.AST):
        yield from _of_node(value, shift, placed=placed)
    elif isinstance(value, list):
        for item in value:
            yield from _of_value(item, shift, placed=placed)
    else:
        yield value
