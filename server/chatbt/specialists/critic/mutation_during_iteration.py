"""Mutation during iteration

## What it does
Reports a `for` loop whose body adds to or removes from the list, dict or set it runs over, when the loop goes on
afterwards.

## Why
A loop over a list keeps an index: when an element goes, the next one moves into its place and is skipped. A dict, set
or deque that changes its size raises RuntimeError in the next round.

## Example
    def tidy(users):
        for user in users:
            if user.expired:
                users.remove(user)

Better:
    def tidy(users):
        for user in list(users):
            if user.expired:
                users.remove(user)

## When the fix is safe
Never without a look: the loop then also sees what was removed in an earlier round, and no longer what was added.

## Asked as
- removing items from a list while iterating over it skips elements
- delete from a list or dict inside a for loop over it
- dictionary changed size during iteration, Set changed size during iteration, deque mutated
- for x in items: items.remove(x) leaves some behind, every second element stays
- why iterate over a copy, items[:] or list(d), when something is deleted
- loop never ends because I append to the list I am looping over
- modifying a collection while looping, W4701 modified-iterating-list, B909
- loop skips every other item when I delete from the list inside it
- how to remove elements safely in a for loop, filter a list in place
- RuntimeError while popping or deleting keys of a dict in a loop
- not all matching entries are removed, some survive, only half are gone
- adding to a set or dict while going through it
- discarding members of a set while iterating raises RuntimeError
- remove() in a for loop misses the neighbour of what was removed

## References
- The Python Language Reference, 8.3 The for statement
"""

import ast
from collections.abc import Iterator

from chatbt.analysis.finding import Finding, Related
from chatbt.analysis.flow import ancestors, block_of, is_provoked, statement_of, walk_block
from chatbt.analysis.names import is_builtin, same
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import type_of
from chatbt.analysis.ways import ways_after
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, critic

_VIEWS = frozenset({"keys", "values", "items"})
_SHRINK = frozenset("remove pop clear discard popitem popleft".split())
_GROW_LIST = frozenset("append extend insert appendleft extendleft".split())
_UPDATES = frozenset("update difference_update intersection_update symmetric_difference_update".split())
_CHANGES = _SHRINK | _GROW_LIST | _UPDATES | {"add", "setdefault"}
_HASHED = frozenset("dict set collections.defaultdict collections.Counter collections.OrderedDict".split())
_RAISING = _HASHED | {"collections.deque"}
_RESIZABLE = _RAISING | {"list", "bytearray"}
# An `email` message, which is what the headers of `http` are, makes a new list of its headers where one goes.
_MESSAGES = frozenset("headers message msg".split())


@critic("CC007", group="bug", since="0.1", ruff=("B909",))
def mutation_during_iteration(loop: ast.For, scope: Scope) -> Findings:
    iterated = _iterated(loop, scope)
    if iterated is None:
        return
    if isinstance(loop.target, ast.Name) and loop.target.id == "_":
        return  # it counts rounds and looks at no element
    changes = [node for node in walk_block(loop.body) if _may_change(node, iterated)]
    if not changes or _is_rebound(iterated, loop) or is_provoked(loop) or _is_repeated(loop, iterated):
        return
    found = type_of(iterated, scope)
    kind = found.name if found else "dict" if _viewed(_unwrapped(loop.iter)) else ""
    if kind not in _RESIZABLE if kind else dotted(iterated).rpartition(".")[2] in _MESSAGES:
        return
    for node in changes:
        moves = kind not in _RAISING and any(
            _grows(one) != _grows(node) and _side_by_side(one, node) for one in changes
        )
        if not moves and _resizes(node, loop, kind) and _goes_on(node, loop, iterated):
            what = dotted(iterated)
            message = f"`{what}` changes its size while the loop runs over it: {_effect(node, kind)}"
            yield Finding(node, message, related=(Related(loop.iter, f"the loop runs over `{what}`"),), about=loop)


def _unwrapped(node: ast.expr) -> ast.expr:
    """What is enumerated; `node` itself if nothing is."""
    match node:
        case ast.Call(func=ast.Name(id="enumerate"), args=[inner, *_]):
            return inner
    return node


def _iterated(loop: ast.For, scope: Scope) -> ast.expr | None:
    """The collection that a loop runs over, if it has a name: `x`, `a.x`, `x.items()`, `enumerate(x)`."""
    node = _unwrapped(loop.iter)
    if node is not loop.iter and not is_builtin("enumerate", scope):
        return None
    node = _viewed(node) or node
    if isinstance(node, ast.Name):
        return None if scope.receiver and node.id == scope.receiver[0] else node
    return node if isinstance(node, ast.Attribute) and dotted(node) else None


def _viewed(node: ast.expr) -> ast.expr | None:
    """The dict whose keys, values or items `node` is; None if it is none."""
    match node:
        case ast.Call(func=ast.Attribute(value=inner, attr=view), args=[], keywords=[]) if view in _VIEWS:
            return inner
    return None


def _may_change(node: ast.AST, iterated: ast.expr) -> bool:
    """Whether `node` calls a method that may resize `iterated`, or sets or deletes an item of it."""
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=name)):
            return name in _CHANGES and same(value, iterated)
        case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
            return same(value, iterated)
    return False


def _resizes(node: ast.AST, loop: ast.For, kind: str) -> bool:
    """Whether a change of a collection of the type `kind` ("" if unknown) changes its size."""
    match node:
        case ast.Subscript(ctx=ast.Del()):
            return True
        case ast.Subscript(slice=key):
            return kind in _HASHED and _is_new_key(key, loop)
        case ast.Call(func=ast.Attribute(attr="insert"), args=[ast.Name() | ast.Constant(), _]):
            return True
        case ast.Call(func=ast.Attribute(attr="setdefault"), args=[key, *_]):
            return kind in _HASHED and _is_new_key(key, loop)
        case ast.Call(func=ast.Attribute(attr="add"), args=[element]):
            return not same(element, loop.target)
        case ast.Call(func=ast.Attribute(attr=name)) if name in _GROW_LIST:
            return kind in _RAISING or (name == "append" and _is_endless(node, loop))
        case ast.Call(func=ast.Attribute(attr=name)) if name in _UPDATES:
            return kind == "set"
    return isinstance(node, ast.Call)


def _grows(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _GROW_LIST


def _side_by_side(one: ast.AST, other: ast.AST) -> bool:
    """Whether two changes stand in the same block: together they move or replace an element."""
    return block_of(statement_of(one)) is block_of(statement_of(other))


def _effect(node: ast.AST, kind: str) -> str:
    """What the change of a collection of the type `kind` does to the loop."""
    method = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
    if kind in _RAISING or method == "add":
        return "the next round raises RuntimeError"
    if method == "insert":
        return "it comes to elements a second time"
    if method in _GROW_LIST:
        return "it never ends"
    return "it skips elements" if kind else "it skips elements, or raises RuntimeError"


def _is_new_key(key: ast.expr, loop: ast.For) -> bool:
    """Whether a key is made of what the loop is at: `d[key.lower()]`. The loop's key itself is there already."""
    targets = {node.id for node in ast.walk(loop.target) if isinstance(node, ast.Name)}
    made = isinstance(key, ast.Call | ast.BinOp | ast.JoinedStr)
    return made and any(isinstance(node, ast.Name) and node.id in targets for node in ast.walk(key))


def _is_endless(node: ast.AST, loop: ast.For) -> bool:
    """Whether every round adds, and nothing ends the loop. A list that grows sometimes is a list of work to do."""
    return parent(statement_of(node)) is loop and not any(
        isinstance(one, ast.Break | ast.Return | ast.Raise) for one in walk_block(loop.body)
    )


def _is_rebound(iterated: ast.expr, loop: ast.For) -> bool:
    """Whether the loop binds the name it runs over, or a part of its path, to something else."""
    return any(
        any(same(target, part) for part in _path(iterated))
        for target in (*ast.walk(loop.target), *walk_block(loop.body))
        if isinstance(target, ast.Name | ast.Attribute) and not isinstance(target.ctx, ast.Load)
    )


def _is_repeated(loop: ast.For, iterated: ast.expr) -> bool:
    """Whether a `while` around the loop runs it again until the collection is empty: what is skipped comes later."""
    around = parent(loop)
    return isinstance(around, ast.While) and same(around.test, iterated)


def _path(node: ast.expr) -> Iterator[ast.expr]:
    """`a.b.c`, `a.b` and `a`, loaded or stored alike."""
    yield node
    while isinstance(node, ast.Attribute):
        node = node.value
        yield node


def _goes_on(node: ast.AST, loop: ast.For, iterated: ast.expr) -> bool:
    """Whether the loop may run another round after the change, and no inner loop over the same is nearer to it."""
    for around in ancestors(node):
        if around is loop:
            break
        if isinstance(around, ast.For) and any(same(part, iterated) for part in ast.walk(around.iter)):
            return False
    return bool(ways_after(statement_of(node), loop) & {"next", "continue"}) and not _is_announced(node, loop)


def _is_announced(node: ast.AST, loop: ast.For) -> bool:
    """Whether a flag is set beside the change, and the loop is left if it is: `found = True`, `if found: break`."""
    steps = [node, *ancestors(node)]
    blocks = [block_of(one) for one in steps[: steps.index(loop)] if isinstance(one, ast.stmt)]
    flags = {
        target.id
        for block in blocks
        for one in block
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant) and one.value.value
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    return any(
        isinstance(one, ast.If)
        and isinstance(one.test, ast.Name)
        and one.test.id in flags
        and isinstance(one.body[-1], ast.Break | ast.Return | ast.Raise)
        for one in walk_block(loop.body)
    )


@mutation_during_iteration.fix
def iterate_over_a_copy(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    loop = finding.about
    if not is_builtin("list", scope):
        return None
    copied = _unwrapped(loop.iter)
    text = rewrite.text(copied)
    return review(f"Loop over a copy, `list({text})`", rewrite.replace(copied, f"list({text})"))
