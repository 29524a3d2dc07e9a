"""Where control goes: blocks, loops, exits. All by position in the tree."""

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.tree import push_children
from chatbt.analysis.ways import ways_out

Loop = ast.For | ast.AsyncFor | ast.While
Function = ast.FunctionDef | ast.AsyncFunctionDef
_BOUNDARIES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_BLOCKS = ("body", "orelse", "finalbody")


def ancestors(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes around `node`, nearest first, up to the chunk's `ast.Module`."""
    around = parent(node)
    while around is not node:
        yield around
        node, around = around, parent(around)


def statement_of(node: ast.AST) -> ast.stmt:
    """The innermost statement that `node` is or is part of."""
    while not isinstance(node, ast.stmt):
        node = parent(node)
    return node


def block_of(statement: ast.stmt) -> list[ast.stmt]:
    """The list of statements that `statement` stands in."""
    around = parent(statement)
    for name in _BLOCKS:
        block: Any = getattr(around, name, None)
        if isinstance(block, list) and any(one is statement for one in block):
            found: list[ast.stmt] = block
            return found
    return [statement]


def siblings(statement: ast.stmt) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """The statements of the same block before and after `statement`."""
    block = block_of(statement)
    index = next(i for i, one in enumerate(block) if one is statement)
    return block[:index], block[index + 1 :]


def enclosing_function(node: ast.AST) -> Function | ast.Lambda | None:
    """The function whose body `node` is in, if no class body stands between."""
    below = node
    for around in ancestors(node):
        if isinstance(around, _BOUNDARIES) and is_in_body(around, below):
            return None if isinstance(around, ast.ClassDef) else around
        below = around
    return None


def is_in_body(definition: ast.AST, part: ast.AST) -> bool:
    """Whether `part`, a child of a function, lambda or class, is in its body rather than in its header."""
    body: Any = getattr(definition, "body", None)
    return part is body or (isinstance(body, list) and any(part is one for one in body))


def enclosing_loops(node: ast.AST) -> list[Loop]:
    """The loops of the same function that run `node` again and again, innermost first; `else` blocks do not count."""
    loops: list[Loop] = []
    below = node
    for around in ancestors(node):
        if isinstance(around, _BOUNDARIES) and is_in_body(around, below):
            break
        if isinstance(around, ast.For | ast.AsyncFor | ast.While):
            repeated = any(below is one for one in around.body) or (
                isinstance(around, ast.While) and below is around.test
            )
            if repeated:
                loops.append(around)
        below = around
    return loops


def walk_block(nodes: Sequence[ast.AST], *, functions: bool = False) -> Iterator[ast.AST]:
    """Every node in `nodes`, in source order; nested functions, lambdas and classes are entered only if `functions`."""
    stack = list(reversed(nodes))
    while stack:
        node = stack.pop()
        yield node
        if functions or not isinstance(node, _BOUNDARIES):
            push_children(node, stack)


def always_leaves(block: Sequence[ast.stmt], *, trusting: bool = False) -> bool:
    """Whether control never reaches the end of `block`: it returns, raises, continues or breaks on every path.

    A proof, unless `trusting`, which takes it that no context manager swallows an exception.
    """
    return "next" not in ways_out(block, trusting=trusting)


def is_unreachable(node: ast.AST) -> bool:
    """Whether a statement before `node`, in a block around it, always leaves that block (G9)."""
    return any(
        isinstance(around, ast.stmt) and always_leaves(siblings(around)[0]) for around in (node, *ancestors(node))
    )


_PROVOKING = frozenset(
    "raises warns assertRaises assertRaisesRegex assertWarns assertWarnsRegex catch_warnings check_warnings".split()
)


def is_provoked(node: ast.AST) -> bool:
    """Whether a `with` around `node` waits for it to fail or to warn, as tests do."""
    managers = (
        item.context_expr for around in ancestors(node) if isinstance(around, ast.With) for item in around.items
    )
    names = (dotted(manager).rpartition(".")[2] for manager in managers)
    return any(name in _PROVOKING or "deprecation" in name.lower() for name in names)


def before(first: ast.AST, second: ast.AST) -> bool:
    """Whether `first` ends before `second` starts, in the text."""
    return position(first)[2:] <= position(second)[:2]


def position(node: ast.AST) -> tuple[int, int, int, int]:
    """(line, column, end line, end column) of a node, as `ast` has them."""
    where: tuple[int, int, int, int] = (
        node.__dict__["lineno"],
        node.__dict__["col_offset"],
        node.__dict__["end_lineno"],
        node.__dict__["end_col_offset"],
    )
    return where


def contains(outer: ast.AST, inner: ast.AST) -> bool:
    """Whether `inner` is `outer` or part of it."""
    return inner is outer or any(around is outer for around in ancestors(inner))


def is_pure(node: ast.AST, *, attributes: bool = False) -> bool:
    """Whether an expression can be repeated, dropped or moved: names and constants (G4).

    With `attributes`, chains of attributes and subscripts too: good enough for a review fix, since a property may
    do anything.
    """
    match node:
        case ast.Name() | ast.Constant():
            return True
        case ast.UnaryOp(operand=ast.Constant()):
            return True
        case ast.Attribute(value=value):
            return attributes and is_pure(value, attributes=True)
        case ast.Subscript(value=value, slice=key):
            return attributes and is_pure(value, attributes=True) and is_pure(key, attributes=True)
    return False
