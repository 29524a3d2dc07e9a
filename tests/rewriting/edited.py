"""A piece of code, and what it is after edits."""

import ast
from collections.abc import Callable, Sequence

from chatbt.analysis.module import Module, View
from chatbt.analysis.scopes import FileFacts
from chatbt.analysis.walk import walk
from chatbt.rewriting.apply import apply
from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.chunks import parse
from chatbt.source.document import Document


def edited(code: str, make: Callable[[ast.stmt, Rewrite], Sequence[Edit | None] | None]) -> str | None:
    """`code` after the edits that `make` makes of its first statement; None if it, or one of them, is None."""
    parsed = parse(code, "code", "")
    rewrite = Rewrite(walk(parsed, FileFacts(), (), View(Module(), 1, 0)))
    edits = make(parsed.body[0], rewrite)
    if edits is None or None in edits:
        return None
    shift = 1 - parsed.first
    return apply(Document.from_text("", code), [edit.shifted(shift) for edit in edits if edit is not None]).text
