"""Apply edits to a document, and find those that lead from one document to another."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from chatbt.rewriting.fix import Edit
from chatbt.source.document import Document, Position, Range


def ordered(edits: Iterable[Edit]) -> list[Edit]:
    """The edits in the order of the text, equal ones once. ValueError if two overlap."""
    found = sorted(dict.fromkeys(edits), key=lambda edit: edit.stretch)
    for first, second in pairwise(found):
        if first.stretch.end > second.stretch.start:
            raise ValueError(f"edits overlap at line {second.stretch.start.line}")
    return found


def apply(document: Document, edits: Sequence[Edit]) -> Document:
    """The document after all `edits`, which are in its own positions. ValueError if two overlap."""
    for edit in reversed(ordered(edits)):
        document, _ = document.replaced(edit.stretch, edit.text, document.version)
    return document


def difference(old: Document, new: Document) -> list[Edit]:
    """The edits of whole lines that lead from one text to the other."""
    before, after = list(old.lines), list(new.lines)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        Edit(_lines(old, start, stop), "".join(after[new_start:new_stop]))
        for tag, start, stop, new_start, new_stop in matcher.get_opcodes()
        if tag != "equal"
    ]


def _lines(document: Document, start: int, stop: int) -> Range:
    return Range(_line_start(document, start), _line_start(document, stop))


def _line_start(document: Document, line: int) -> Position:
    return Position(line + 1, 0) if line < len(document.lines) else document.end
