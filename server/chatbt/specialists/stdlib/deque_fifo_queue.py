"""collections.deque

## What it does
Suggests a `deque` for a local list that a loop uses as a queue: it takes elements from the front with `pop(0)` until
none is left, or as others come at the end; or it puts them at the front with `insert(0, x)`.

## Why
A list has room at its end only: whatever happens at its front moves all the other elements by one place. With ten times
as many of them, a queue takes a hundred times as long. A deque does both ends in the same short time.

## Example
    from collections import Counter

    def count(root):
        kinds = Counter()
        queue = [root]
        while queue:
            node = queue.pop(0)
            kinds[node.kind] += 1
            queue.extend(node.children)
        return kinds

Better:
    from collections import Counter, deque

    def count(root):
        kinds = Counter()
        queue = deque([root])
        while queue:
            node = queue.popleft()
            kinds[node.kind] += 1
            queue.extend(node.children)
        return kinds

## When the fix is safe
Never without a look: a deque is no list for `isinstance`, and an element in its middle is found more slowly. It is
offered only where all that is done with the list can be done with a deque.

## Asked as
- list.pop(0) is slow, queue with a list
- insert(0, x) at the front of a list is slow, O(n)
- FIFO queue, breadth first search, deque, popleft, appendleft
- remove the first element efficiently, take from the front
- keep only the last n items, ring buffer, sliding window
- first in first out, work queue takes longer as it grows
- removing from the beginning of a long list is slow
- BFS with a list as queue, queue.pop(0)
- what should I use for a queue, first in first out
- keep a history of the last hundred entries
- insert at the start of a list again and again
- print queue or task queue is a list, jobs.pop(0) gets slow
- taking from the front of a list moves everything

## References
- The Python Standard Library, collections.deque
"""

import ast

from chatbt.analysis.conditions import is_tested
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import contains, position, walk_block
from chatbt.analysis.loops import is_own, is_short, rebinds, repeaters
from chatbt.analysis.mutation import is_mutated
from chatbt.analysis.names import is_dynamic, qualified
from chatbt.analysis.outer import assigned_value, parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import makes_mutable
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, stdlib

_METHODS = frozenset("append extend clear remove count".split())
_READERS = frozenset(
    f"builtins.{name}" for name in "len bool list tuple set frozenset sorted sum min max any all".split()
)


@stdlib(
    "SL003",
    module="collections",
    since="0.1",
    methods=("pop", "insert"),
    not_in_tests=True,
    names={
        "collections.deque": (
            "Takes and gives elements at both ends in constant time. It is often used like a list, but an index into"
            " its middle takes time in proportion to its length; and with `maxlen` each new element pushes one out at"
            " the other end, silently."
        ),
    },
)
def deque_fifo_queue(call: ast.Call, scope: Scope) -> Findings:
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
    if not scope.loops or not isinstance(receiver, ast.Name) or not _is_at_front(call):
        return
    name = receiver.id
    if scope.kind != "function" or not is_own(name, scope) or scope.captures(name) or is_dynamic(scope):
        return
    if not _is_queued(call, name, scope):
        return
    made = [assigned_value(one) for one in scope.bindings_of(name)]
    loads = list(scope.all_loads(name))
    if not all(one is not None and makes_mutable(one, scope) == "list" for one in made):
        return
    if not all(_fits(load, scope) for load in loads):
        return
    calls = [one for load in loads if (one := _call_at_front(load)) is not None]
    # The first in such a loop speaks for all.
    if call is next(one for one in sorted(calls, key=position) if _is_queued(one, name, scope)):
        written = "pop(0)" if len(call.args) == 1 else "insert(0, …)"
        yield Finding(call, f"each `{name}.{written}` moves all the other elements", about=(made, calls))


def _is_queued(call: ast.Call, name: str, scope: Scope) -> bool:
    """Whether a loop around the call runs as long as the list holds elements, or moves them through it."""
    other_end = ("append", "extend") if len(call.args) == 1 else ("pop",)
    around = repeaters(call)
    if all(is_short(one, scope) for one in around):
        return False
    for loop in around:
        if isinstance(loop, ast.While) and any(contains(loop.test, load) for load in scope.all_loads(name)):
            return True
        if not rebinds(loop, name, scope) and any(
            isinstance(method := parent(load), ast.Attribute) and method.attr in other_end and contains(loop, load)
            for load in scope.all_loads(name)
            if parent(load) is not call.func
        ):
            return True
    return False


def _is_at_front(call: ast.Call) -> bool:
    match call:
        case ast.Call(func=ast.Attribute(attr="pop"), args=[ast.Constant(value=0)], keywords=[]):
            return True
        case ast.Call(func=ast.Attribute(attr="insert"), args=[ast.Constant(value=0), one], keywords=[]):
            return not isinstance(one, ast.Starred)
    return False


def _call_at_front(load: ast.Name) -> ast.Call | None:
    method = parent(load)
    call = parent(method)
    if not isinstance(method, ast.Attribute) or not isinstance(call, ast.Call) or call.func is not method:
        return None
    return call if _is_at_front(call) else None


def _fits(load: ast.Name, scope: Scope) -> bool:
    """Whether what is done with the list there can be done with a deque, and nobody gets hold of it."""
    around = parent(load)
    match around:
        case ast.Attribute(attr=method):
            call = parent(around)
            if not isinstance(call, ast.Call) or call.func is not around:
                return False
            return _is_at_front(call) or method in _METHODS or (method == "pop" and not call.args)
        case ast.Starred(ctx=ast.Load()):
            return True
        case ast.Compare(ops=[ast.In() | ast.NotIn()]):
            return around.left is not load
        case ast.For(iter=iterated, body=body):
            return iterated is load and not _changes(load.id, body)
        case ast.comprehension(iter=iterated):
            return iterated is load and not isinstance(parent(around), ast.GeneratorExp)
        case ast.Subscript(value=whole, slice=key):
            return whole is load and _is_end(key) and not isinstance(around.ctx, ast.Del)
        case ast.Call(func=function, args=arguments):
            return any(one is load for one in arguments) and qualified(function, scope) in _READERS
    return is_tested(load)


def _is_end(key: ast.expr) -> bool:
    match key:
        case ast.Constant(value=0) | ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)):
            return True
    return False


def _changes(name: str, body: list[ast.stmt]) -> bool:
    """Whether a loop's body changes the list that it goes over: a deque does not let that happen."""
    return any(isinstance(node, ast.Name) and node.id == name and is_mutated(node) for node in walk_block(body))


@deque_fifo_queue.fix
def use_deque(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    made, calls = finding.about
    if any(contains(one, other) for one in calls for other in calls if one is not other):
        return None  # one edit within another
    name = rewrite.reached(scope, "collections", "deque")
    if name is None:
        return None
    edits: list[Edit] = []
    for value in made:
        statement = parent(value)
        if isinstance(statement, ast.AnnAssign):
            kind = statement.annotation
            kind = kind.value if isinstance(kind, ast.Subscript) else kind
            if qualified(kind, scope) not in ("builtins.list", "typing.List") or scope.file.target < (3, 9):
                return None
            edits.append(rewrite.replace(kind, name))
        edits.append(rewrite.replace(value, f"{name}({_content(value, rewrite)})"))
    for call in calls:
        method = "popleft" if len(call.args) == 1 else "appendleft"
        zero = rewrite.place(call.args[0])
        end = rewrite.place(call.args[1]).start if len(call.args) > 1 else zero.end
        edits += [
            rewrite.replace(call.func, f"{rewrite.text(call.func.value)}.{method}"),
            rewrite.replace_range(zero.start, end, ""),
        ]
    return review(f"Make it a `{name}`", *edits)


def _content(value: ast.expr, rewrite: Rewrite) -> str:
    """The argument of the deque that holds what the list held."""
    match value:
        case ast.List(elts=[]) | ast.Call(args=[]):
            return ""
        case ast.Call(args=[ast.GeneratorExp() as argument]):
            return rewrite.text(argument)[1:-1]
        case ast.Call(args=[argument]):
            return rewrite.text(argument)
    return rewrite.text(value)
