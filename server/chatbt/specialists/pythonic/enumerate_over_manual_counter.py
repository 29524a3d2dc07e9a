"""Counter kept by hand

## What it does
Finds a variable that is set to a number right before a `for` loop and increased by one at the end of every round.

## Why
The counter is spread over three places, and the one at the end is easily skipped by a `continue` that somebody adds
later. `enumerate` counts in the line of the loop itself.

## Example
    def show(lines):
        number = 1
        for line in lines:
            print(number, line)
            number += 1

Better:
    def show(lines):
        for number, line in enumerate(lines, 1):
            print(number, line)

## When the fix is safe
When the counter belongs to this function or module alone, and nothing reads it once the loop has ended or failed: it
would be one less than before. A counter that a `continue` may skip is left alone.

## Asked as
- counter variable incremented by hand in a for loop
- i = 0 before the loop and i += 1 in it
- count the iterations, number the lines, loop counter, start at 1
- i++ in a foreach loop, current iteration number
- SIM113 use enumerate for the index variable
- running number without a separate variable
- how to keep track of which round the loop is in
- n = 0, for each item do something, n = n + 1 at the bottom
- number every line of a file without my own variable
- increment a variable in each round of a for loop, automatic counter
- keep count of the position while going through a collection
- foreach with a counter, start the numbering with one
- count = 0, for line in f: count += 1, print(count, line)
- can Python number the lines for me

## References
- The Python Standard Library, Built-in Functions, enumerate
"""

import ast

from chatbt.analysis.collecting import Started, mentions, started
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import contains
from chatbt.analysis.indexing import header, is_eager
from chatbt.analysis.liveness import lives_after, seen_when_failing
from chatbt.analysis.loops import is_own, loads_in
from chatbt.analysis.names import is_builtin
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.ways import ways_out
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.looping import nested
from chatbt.rewriting.rewrite import Rewrite, is_enclosed
from chatbt.rewriting.words import replaced
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, pythonic


@pythonic("PY002", since="0.1", ruff=("SIM113",))
def enumerate_over_manual_counter(loop: ast.For, scope: Scope) -> Findings:
    match loop.body:
        case [_, *_, ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=ast.Constant(value=1)) as last]:
            pass
        case _:
            return
    start = started(loop)
    if start is None or start.name != name or _number(start.value) is None:
        return
    if not is_own(name, scope) or scope.captures(name) or not is_builtin("enumerate", scope):
        return
    if mentions(name, [loop.target, loop.iter, *loop.orelse]) or "continue" in ways_out(loop.body):
        return
    bound = [one for one in scope.bindings_of(name) if contains(loop, one)]
    loads = loads_in(loop, name, scope)
    if len(bound) != 1 or not loads or not all(is_eager(load, scope) for load in loads):
        return
    if lives_after(name, loop, scope) or isinstance(loop.iter, ast.Yield | ast.YieldFrom):
        return
    message = f"`{name}` is counted by hand in three places"
    yield Finding(loop, message, stretch=header(loop, scope), about=(start, last))


def _number(node: ast.expr) -> int | None:
    """The value of an integer literal."""
    match node:
        case ast.Constant(value=int(number)) if number is not True and number is not False:
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))) if not isinstance(number, bool):
            return -number
    return None


@enumerate_over_manual_counter.fix
def count_in_the_header(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    loop = finding.node
    start, last = finding.about
    assert isinstance(loop, ast.For) and isinstance(start, Started)
    if not all(_goes_alone(one, rewrite) for one in (start.statement, last)):
        return None
    first = "" if _number(start.value) == 0 else f", {rewrite.text(start.value)}"
    text = rewrite.text(loop.iter)
    if isinstance(loop.iter, ast.Tuple) and not is_enclosed(text):
        text = f"({text})"
    make = review if scope.dynamic or seen_when_failing(start.name, loop, scope) else safe
    return make(
        "Use `enumerate`",
        rewrite.remove(start.statement),
        rewrite.replace(loop.target, f"{start.name}, {nested(rewrite.text(loop.target))}"),
        replaced(rewrite.place(loop.iter), f"enumerate({text}{first})", rewrite),
        rewrite.remove(last),
    )


def _goes_alone(statement: ast.stmt, rewrite: Rewrite) -> bool:
    """Whether a statement has its lines to itself, with no comment on them."""
    start, end = rewrite.place(statement)
    lines = Range(start, Position(end.line + 1, 0))
    return rewrite.stands_alone(statement) and not comments_within(lines, rewrite.walked)
