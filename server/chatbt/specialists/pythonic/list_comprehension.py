"""Loop that only fills a list

## What it does
Finds an empty list and the `for` loop behind it whose whole body appends one element, under one `if` at most.

## Why
What the loop makes is a list of something for every element of something else, and a comprehension says just that, in
the order in which one thinks of it. It is also faster: nothing is looked up and called for each element.

## Example
    def names_of(users):
        names = []
        for user in users:
            if user.active:
                names.append(user.name)
        return names

Better:
    def names_of(users):
        names = [user.name for user in users if user.active]
        return names

## When the fix is safe
When the list and the loop's variable belong to this function or module alone, nothing reads the variable afterwards,
and nobody can see the list half full: no context manager around the loop may swallow an exception. What holds `await`,
`yield`, a walrus or a lambda is left alone, and so is a list that is read once the loop has failed, or that the next
loop fills too.

## Asked as
- result = [] and append in a for loop in one line
- turn a loop that builds a list into a list comprehension
- shorter way to filter or transform a list into a new one
- PERF401 use a list comprehension, manual list building
- make a new list from another one with a condition, squares, only some items
- for loop that appends to an empty list
- collect values in a list more concisely
- one-liner for: make an empty list, loop, append if something holds
- rewrite a for loop with append as an expression in brackets
- get a list of the names, squares or prices of all objects
- apply a function to all elements and keep the results
- select elements that meet a condition into another list
- for w in words: new.append(w.upper()), surely one line is enough
- list of results of a function for each element, without append

## References
- The Python Tutorial, 5.1.3 List Comprehensions
"""

import ast

from chatbt.analysis.collecting import is_filled_on, is_movable, is_unseen, makes_empty, mentions, round_of, started
from chatbt.analysis.finding import Finding
from chatbt.analysis.liveness import seen_when_failing
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.comprehensions import comprehended, in_place_of
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, pythonic


@pythonic("PY004", since="0.1", ruff=("PERF401",), yields_to=("PY003", "CC033"))
def list_comprehension(loop: ast.For, scope: Scope) -> Findings:
    round_ = round_of(loop)
    if round_ is None:
        return
    match round_.body:
        case [
            ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[element]) as call)
        ]:
            pass
        case _:
            return
    start = started(loop)
    if start is None or start.name != name or call.keywords or isinstance(element, ast.Starred):
        return
    if not makes_empty(start.value, "list", scope):
        return
    parts = [element] if round_.test is None else [element, round_.test.test]
    if mentions(name, [loop.target, loop.iter, *parts]) or not is_movable(loop, parts, scope):
        return
    if is_filled_on(name, loop) or seen_when_failing(name, loop, scope, foreseen=True):
        return
    first, last = start.statement, loop.__dict__
    stretch = Range.of(first.lineno, first.col_offset, last["end_lineno"], last["end_col_offset"])
    yield Finding(loop, f"the loop only fills `{name}`", stretch=stretch, about=(start, round_, element))


@list_comprehension.fix
def use_a_comprehension(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    start, round_, element = finding.about
    text = comprehended(start.value, ("[", "]"), rewrite.text(element), [element], round_, rewrite)
    edits = in_place_of(start.statement, start.value, round_.loop, text, rewrite) if text else None
    if edits is None:
        return None
    make = safe if is_unseen(start.name, round_.loop, scope) else review
    return make("Use a list comprehension", *edits)
