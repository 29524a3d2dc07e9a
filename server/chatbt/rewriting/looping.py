"""A loop over the elements themselves: their name, and what of the body says it."""

import ast
from collections.abc import Sequence

from chatbt.analysis.indexing import named
from chatbt.analysis.outer import dotted
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.words import element_name, replaced
from chatbt.source.document import Position, Range


def element(
    collection: ast.expr, items: Sequence[ast.Subscript], loop: ast.For, scope: Scope, rewrite: Rewrite, *others: str
) -> tuple[str, list[Edit]]:
    """What the loop is to bind each element of `collection` to, and the edits that use it in the place of `items`.

    Where the body starts with `name = xs[i]`, that statement goes and its name is taken; else it is a new one.
    """
    first = named(items, loop, scope)
    if first is not None and rewrite.stands_alone(first) and not _has_comment(first, rewrite):
        target = first.targets[0]
        text = rewrite.text(target)
        edits = [replaced(rewrite.place(one), text, rewrite) for one in items if one is not first.value]
        return text, [*edits, rewrite.remove(first)]
    name = element_name(dotted(collection).rpartition(".")[2], scope, rewrite, *others)
    return name, [replaced(rewrite.place(one), name, rewrite) for one in items]


def nested(target: str) -> str:
    """A target as one of several: a tuple without brackets gets some."""
    return f"({target})" if "," in target and not target.startswith("(") else target


def _has_comment(statement: ast.stmt, rewrite: Rewrite) -> bool:
    start, end = rewrite.place(statement)
    return bool(comments_within(Range(start, Position(end.line + 1, 0)), rewrite.walked))
