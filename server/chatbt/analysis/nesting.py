"""How long and how deep a block is, and whether an `if` at its end holds most of it."""

import ast
from collections.abc import Iterator, Sequence

from chatbt.analysis.flow import always_leaves

_MANY, _DEEP = 5, 2
_COMPOUND = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)


def nested_at_end(block: Sequence[ast.stmt]) -> Iterator[ast.If]:
    """The `if` that holds most of the work of `block` at its end; then, as if that were a guard, the one at its end."""
    before = _size(block[:-1])
    while True:
        last = block[-1]
        if not isinstance(last, ast.If) or last.orelse or not _is_worth_it(last.body, before):
            return
        yield last
        before += 2 + _size(last.body[:-1])
        block = last.body


def _is_worth_it(body: Sequence[ast.stmt], before: int) -> bool:
    """Whether a block is long or deep, no shorter than what stands before it, and no `if` alone, which `and` joins."""
    if len(body) == 1 and isinstance(body[0], ast.If):
        return False
    if always_leaves(body) and len(body) < _MANY:
        return False
    size = _size(body)
    return size >= before and len(body) > 1 and (size >= _MANY or _depth(body) >= _DEEP)


def _size(block: Sequence[ast.AST]) -> int:
    """How many statements there are in a block, docstrings not counted."""
    return sum(
        isinstance(node, ast.stmt) and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for one in block
        for node in ast.walk(one)
    )


def _depth(block: Sequence[ast.stmt]) -> int:
    """How many compound statements stand in one another."""
    depth = 0
    for statement in block:
        if isinstance(statement, _COMPOUND):
            inner = [one for one in ast.iter_child_nodes(statement) if isinstance(one, ast.stmt)]
            depth = max(depth, 1 + _depth(inner))
    return depth
