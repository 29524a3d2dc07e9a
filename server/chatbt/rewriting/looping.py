"""A loop over the elements themselves: their name, and what of the body says it."""

import ast
from collections.abc import Sequence
from typing import NamedTuple

from chatbt.analysis.indexing import named
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.words import element_name, replaced
from chatbt.source.document import Position, Range


class Naming(NamedTuple):
    """How to name each element: what all are called, other names, and how many sequences the loop goes over."""

    collection: str
    others: tuple[str, ...]
    sequences: int = 1


def element(
    naming: Naming, items: Sequence[ast.Subscript], loop: ast.For, scope: Scope, rewrite: Rewrite
) -> tuple[str, list[Edit]]:
    """What the loop is to bind each element to, and the edits that use it in the place of `items`.

    Where the body says `name = xs[i]`, that statement goes and its name is taken; else it is a new one.
    """
    # Each sequence may take a statement out of the body, of which something must be left.
    first = named(items, loop, scope) if len(loop.body) > naming.sequences else None
    if first is not None and rewrite.stands_alone(first) and not _has_comment(first, rewrite):
        text = rewrite.text(first.targets[0])
        edits = [replaced(rewrite.place(one), text, rewrite) for one in items if one is not first.value]
        return text, [*edits, rewrite.remove(first)]
    name = element_name(naming.collection, scope, rewrite, *naming.others)
    return name, [replaced(rewrite.place(one), name, rewrite) for one in items]


def nested(target: str) -> str:
    """A target as one of several: a tuple without brackets gets some."""
    return f"({target})" if "," in target and not target.startswith("(") else target


def _has_comment(statement: ast.stmt, rewrite: Rewrite) -> bool:
    start, end = rewrite.place(statement)
    return bool(comments_within(Range(start, Position(end.line + 1, 0)), rewrite.walked))
