"""The children of a node, several times as fast as `ast.iter_child_nodes`."""

import ast
from typing import Any

_NO_NODES = frozenset(
    "ctx op ops type_comment kind id attr arg module level asname simple is_async conversion tag kwd_attrs rest".split()
)


class _Fields(dict[type[ast.AST], tuple[str, ...]]):
    """The fields of each node type that can hold nodes, last first."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        names = tuple(name for name in reversed(kind._fields) if name not in _NO_NODES)
        self[kind] = names
        return names


FIELDS = _Fields()


def push_children(node: ast.AST, stack: list[Any]) -> None:
    """Push the children of `node`, operators and contexts left out, so that the first is popped first."""
    for name in FIELDS[node.__class__]:
        child = getattr(node, name)
        if child.__class__ is list:
            stack += [part for part in reversed(child) if part is not None and part.__class__ is not str]
        elif child is not None and isinstance(child, ast.AST):
            stack.append(child)
