"""Loop that only fills a dict

## What it does
Finds an empty dict and the `for` loop behind it whose whole body sets one item, under one `if` at most.

## Why
What the loop makes is a table of something by something else. A comprehension says which key gets which value, and
that nothing else happens to the dict on the way.

## Example
    def by_number(users):
        found = {}
        for user in users:
            found[user.number] = user
        return found

Better:
    def by_number(users):
        found = {user.number: user for user in users}
        return found

## When the fix is safe
When the dict and the loop's variable belong to this function or module alone, nothing reads the variable afterwards,
nobody can see the dict half full, and the key or the value is a constant or a variable: an assignment evaluates the
value first, a comprehension the key. A dict that is read once the loop has failed,
or that the next loop fills too, is left alone.

## Asked as
- build a dictionary in a loop, d = {} and d[k] = v
- dict comprehension, create a dictionary in one line from a list
- map each element to something, index objects by key, lookup table by name
- PERF403, how to make a dict from a list with an expression
- invert a dictionary, filter a dictionary into a new one
- fill an empty dict in a for loop more concisely
- make a dict from a list of objects with the id as key without a loop
- dict((k, v) for ...), {k: v for ...}
- start with {} and assign inside a for, is there an expression for that
- swap keys and values of a dict, word to length table
- create mapping from names to values
- users by id, books by isbn, dictionary from objects in a single expression
- for x in xs: d[x.id] = x

## References
- The Python Tutorial, 5.5 Dictionaries
- The Python Language Reference, 6.2.7 Dictionary displays
"""

import ast

from chatbt.analysis.collecting import is_filled_on, is_movable, is_unseen, makes_empty, mentions, round_of, started
from chatbt.analysis.finding import Finding
from chatbt.analysis.liveness import seen_when_failing
from chatbt.analysis.loops import is_own
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.comprehensions import comprehended, in_place_of
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite, is_enclosed
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, pythonic


@pythonic("PY005", since="0.1", ruff=("PERF403",), yields_to=("PY009", "PY003", "CC033"))
def dict_comprehension(loop: ast.For, scope: Scope) -> Findings:
    round_ = round_of(loop)
    if round_ is None:
        return
    match round_.body:
        case [ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=key)], value=value)]:
            pass
        case _:
            return
    start = started(loop)
    if start is None or start.name != name or isinstance(key, ast.Slice):
        return
    if not makes_empty(start.value, "dict", scope):
        return
    parts = [key, value] if round_.test is None else [key, value, round_.test.test]
    if mentions(name, [loop.target, loop.iter, *parts]) or not is_movable(loop, parts, scope):
        return
    if is_filled_on(name, loop) or seen_when_failing(name, loop, scope, foreseen=True):
        return
    first, last = start.statement, loop.__dict__
    stretch = Range.of(first.lineno, first.col_offset, last["end_lineno"], last["end_col_offset"])
    yield Finding(loop, f"the loop only fills `{name}`", stretch=stretch, about=(start, round_, key, value))


@dict_comprehension.fix
def use_a_comprehension(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    start, round_, key, value = finding.about
    element = f"{_item(key, rewrite)}: {_item(value, rewrite)}"
    text = comprehended(start.value, ("{", "}"), element, [key, value], round_, rewrite)
    edits = in_place_of(start.statement, start.value, round_.loop, text, rewrite) if text else None
    if edits is None:
        return None
    is_proven = (_is_fixed(key, scope) or _is_fixed(value, scope)) and is_unseen(start.name, round_.loop, scope)
    return (safe if is_proven else review)("Use a dict comprehension", *edits)


def _item(node: ast.expr, rewrite: Rewrite) -> str:
    """The text of a key or value; a tuple without brackets gets some."""
    text = rewrite.text(node)
    return f"({text})" if isinstance(node, ast.Tuple) and not is_enclosed(text) else text


def _is_fixed(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression has no effect, and the same value before and after any other."""
    match node:
        case ast.Constant() | ast.UnaryOp(operand=ast.Constant()):
            return True
        case ast.Name(id=name):
            return is_own(name, scope) and not scope.captures(name) and not scope.used_elsewhere(name)
    return False
