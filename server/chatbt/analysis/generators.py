"""Whether an expression can move into a generator expression, which has its own scope and ends by StopIteration."""

import ast

from chatbt.analysis.flow import walk_block
from chatbt.analysis.names import callee
from chatbt.analysis.scopes import Scope

_OF_A_FRAME = (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom, ast.Lambda)
# Builtins that call at most a method of what they are given; `next` is what raises StopIteration.
_PLAIN = frozenset(
    f"builtins.{name}" for name in "abs all any bool callable chr divmod float format getattr hasattr hash id int "
    "isinstance issubclass len max min ord repr round sorted str sum tuple type list dict set frozenset".split()
)  # fmt: skip


def can_be_in_generator(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression means the same in a generator expression: it names nothing of the frame that it runs in."""
    if scope.kind == "class":
        return False
    for one in walk_block([node]):
        if isinstance(one, _OF_A_FRAME):
            return False
        if isinstance(one, ast.comprehension) and one.is_async:
            return False
        if isinstance(one, ast.Name) and one.id in ("super", "__class__", "locals", "vars", "eval", "exec", "dir"):
            return False
    return True


def never_stops(node: ast.expr, scope: Scope) -> bool:
    """Whether evaluating an expression certainly raises no StopIteration, as far as operators keep their contracts.

    Out of a generator it would come as RuntimeError.
    """
    return all(callee(one, scope) in _PLAIN for one in walk_block([node]) if isinstance(one, ast.Call))
