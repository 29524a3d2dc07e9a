"""Apply edits to a document."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from chatbt.rewriting.fix import Edit
from chatbt.source.document import Document


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
