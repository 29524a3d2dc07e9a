"""Loop over indices

## What it does
Finds `for i in range(len(xs))` whose body reads `xs[i]`.

## Why
The loop wants the elements, and gets them by way of their places. `enumerate` hands over both, the element has a name
that says what it is, and there is no index to get wrong.

## Example
    def show():
        names = ["ann", "bob"]
        for i in range(len(names)):
            print(i, names[i])

Better:
    def show():
        names = ["ann", "bob"]
        for i, name in enumerate(names):
            print(i, name)

## When the fix is safe
When the sequence is proven to be a list, tuple, range, string or bytes, and nothing can change it while the loop runs:
the body does not, and calls nothing that could, or nobody else has got hold of the list. The index is not bound again
in the body.

## Asked as
- for i in range(len(xs)) to get index and element
- loop with index and value at the same time
- is range(len()) bad style, C200, consider-using-enumerate, C0200
- iterate over a list with its positions, need the index in the loop
- print each item with its number
- how to know the position of the current element
- instead of items[i] in the loop body
- loop over the indices of a list, for idx in range(len(names)): print(idx, names[idx])
- I need the number and the thing itself in a loop, better than range and len
- C-style for loop with an index over a list, not pythonic
- get the index of each item while looping
- print a numbered menu or list
- for i in range(len(rows)): print(i, rows[i])
- linter suggests something nicer than range(len(...))

## References
- The Python Standard Library, Built-in Functions, enumerate
- PEP 279, The enumerate() built-in function
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.indexing import (
    counted_by,
    header,
    is_debugged,
    is_left_alone,
    is_self,
    may_be_missing,
    measured,
    uses_of,
)
from chatbt.analysis.liveness import lives_after
from chatbt.analysis.loops import loads_in
from chatbt.analysis.names import is_builtin, is_dynamic, same
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.sharing import stays
from chatbt.analysis.types import type_of
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.looping import Naming, element, nested
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.words import replaced
from chatbt.specialists.pattern import Findings, pythonic

_SEQUENCES = frozenset("list tuple str bytes range".split())
_OTHERS = frozenset("dict collections.OrderedDict collections.defaultdict collections.Counter set frozenset".split())


@pythonic("PY001", since="0.1", yields_to=("PY003",))
def enumerate_over_range_len(loop: ast.For, scope: Scope) -> Findings:
    if not isinstance(loop.iter, ast.Call) or not isinstance(loop.target, ast.Name):
        return
    sequence = measured(loop, scope)
    if sequence is None or is_self(sequence, scope) or not is_left_alone(sequence, loop, scope):
        return
    found = type_of(sequence, scope)
    if found is not None and found.name in _OTHERS:
        return
    uses = uses_of(loop, scope)
    if uses is None or not uses.items or not is_builtin("enumerate", scope):
        return
    # An item of another sequence, or a neighbour of the item: the index is what the loop is about.
    if not all(same(item.value, sequence) and isinstance(item.ctx, ast.Load) for item in uses.items):
        return
    if any(_is_place(load, loop) or is_debugged(load, scope) for load in uses.others):
        return
    if any(is_debugged(item, scope) or may_be_missing(item, loop) for item in uses.items):
        return
    index, text = loop.target.id, dotted(sequence)
    needs_index = bool(uses.others) or lives_after(index, loop, scope)
    message = f"`{index}` counts to look up `{text}[{index}]`"
    about = (sequence, uses.items, needs_index)
    yield Finding(loop, message, stretch=header(loop, scope), about=about)


def _is_place(load: ast.Name, loop: ast.For) -> bool:
    """Whether the index, or what is calculated of it, is itself used as a place in something."""
    node: ast.AST = load
    around = parent(node)
    while isinstance(around, ast.BinOp | ast.UnaryOp | ast.Slice | ast.Tuple):
        node, around = around, parent(around)
    return isinstance(around, ast.Subscript) and around.slice is node


@enumerate_over_range_len.fix
def use_enumerate(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    loop = finding.node
    sequence, items, needs_index = finding.about
    assert isinstance(loop, ast.For) and isinstance(loop.target, ast.Name)
    if any(_counts_inside(item, scope) for item in items):
        return None  # the loop inside would be found in its turn, and the edit seem to have changed nothing
    text = rewrite.text(sequence)
    naming = Naming(dotted(sequence).rpartition(".")[2], ("item", "element"))
    name, edits = element(naming, items, loop, scope, rewrite)
    target = f"{loop.target.id}, {nested(name)}" if needs_index else name
    edits.append(rewrite.replace(loop.target, target))
    edits.append(replaced(rewrite.place(loop.iter), f"enumerate({text})" if needs_index else text, rewrite))
    found = type_of(sequence, scope)
    is_proven = (
        isinstance(sequence, ast.Name)
        and found is not None
        and found.name in _SEQUENCES
        and not is_dynamic(scope)
        and _is_only_read(sequence, loop, scope)
        and stays(sequence, loop, scope)
    )
    title = "Use `enumerate`" if needs_index else f"Iterate over `{text}` itself"
    return (safe if is_proven else review)(title, *edits)


def _counts_inside(item: ast.Subscript, scope: Scope) -> bool:
    """Whether a loop inside counts to look up elements of `xs[i]`: `for j in range(len(xs[i]))` reads `xs[i][j]`."""
    inner = counted_by(item)
    uses = uses_of(inner, scope) if inner is not None else None
    if uses is None or not uses.items:
        return False
    return all(same(one.value, item) and isinstance(one.ctx, ast.Load) for one in uses.items)


def _is_only_read(sequence: ast.Name, loop: ast.For, scope: Scope) -> bool:
    """Whether the body does nothing with the sequence but to look up elements and to measure it."""
    for load in loads_in(loop, sequence.id, scope.find(sequence.id)):
        around = parent(load)
        is_item = isinstance(around, ast.Subscript) and around.value is load and isinstance(around.ctx, ast.Load)
        is_measured = isinstance(around, ast.Call) and dotted(around) == "len"
        if not (is_item or is_measured or isinstance(around, ast.Compare)):
            return False
    return True
