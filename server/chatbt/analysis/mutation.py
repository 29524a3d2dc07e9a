"""Changes in place: what the syntax around an expression does to the object it reads."""

import ast

from chatbt.analysis.flow import walk_block
from chatbt.analysis.outer import parent

MUTATORS = frozenset(
    "append extend insert remove pop clear sort reverse add discard update setdefault popitem appendleft popleft "
    "extendleft rotate difference_update intersection_update symmetric_difference_update subtract".split()
)


def is_mutated(node: ast.expr) -> bool:
    """Whether the object that `node` reads is changed right there: a mutating method, an item set or deleted."""
    around = parent(node)
    match around:
        case ast.Attribute(attr=name) if around.value is node and name in MUTATORS:
            call = parent(around)
            return isinstance(call, ast.Call) and call.func is around
        case ast.Subscript(ctx=ast.Store() | ast.Del()):
            return around.value is node
        case ast.AugAssign():
            return around.target is node
    return False


def changed_item(node: ast.expr) -> ast.expr | None:
    """Where an item of what `node` reads is itself changed in place: through an index, or through a loop's variable."""
    item = parent(node)
    while isinstance(item, ast.Subscript) and item.value is node:
        if isinstance(item.ctx, ast.Load) and is_mutated(item):
            return item
        if isinstance(item.ctx, ast.Store) and isinstance(parent(item), ast.AugAssign):
            return item
        node, item = item, parent(item)
    if isinstance(item, ast.Call) and isinstance(item.func, ast.Name) and item.func.id in ("enumerate", "reversed"):
        node, item = item, parent(item)
    if not isinstance(item, ast.For) or item.iter is not node:
        return None
    names = {one.id for one in ast.walk(item.target) if isinstance(one, ast.Name)}
    return next(
        (one for one in walk_block(item.body) if isinstance(one, ast.Name) and one.id in names and is_mutated(one)),
        None,
    )
