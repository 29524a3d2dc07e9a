"""Which name of the standard library a place in a text is about."""

import ast
from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

from chatbt.analysis.names import qualified, scope_of
from chatbt.analysis.places import place
from chatbt.analysis.walk import Walked
from chatbt.lsp.documents import Open
from chatbt.source.document import Position, Range


class Named(NamedTuple):
    """A qualified name, and where it is mentioned."""

    name: str
    stretch: Range


def named_at(text: Open, cursor: Range, known: Container[str]) -> Named | None:
    """The name among `known` that is mentioned at the cursor, resolved through the file's imports."""
    at = text.checker.chunk_at(cursor.start.line)
    if at is None:
        return None
    chunk, state = at
    walked = state.walked
    shift = chunk.start + 1 - walked.parsed.first
    here = cursor.shifted(-shift)
    for node in _around(walked.parsed.body, here.start.line):
        for name, stretch in _mentioned(node, here, walked):
            if name in known and stretch.touches(here):
                return Named(name, stretch.shifted(shift))
    return None


def _around(statements: Iterable[ast.stmt], line: int) -> Iterator[ast.AST]:
    """The nodes of a chunk that a line may show: of a statement elsewhere nothing is looked at."""
    stack: list[ast.AST] = list(statements)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.stmt) and not _first_line(node) <= line <= (node.end_lineno or node.lineno):
            continue
        yield node
        stack.extend(ast.iter_child_nodes(node))


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


def _mentioned(node: ast.AST, cursor: Range, walked: Walked) -> Iterator[Named]:
    """What a node names, at the place of its last part."""
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        for alias in node.names:
            yield Named(f"{node.module}.{alias.name}", place(alias, walked))
    elif isinstance(node, ast.Name | ast.Attribute):
        stretch = place(node, walked)
        if not stretch.touches(cursor):
            return
        if isinstance(node, ast.Attribute):
            end = stretch.end
            stretch = Range(Position(end.line, end.column - len(node.attr.encode())), end)
        name = qualified(node, scope_of(node))
        if name:
            yield Named(name, stretch)
