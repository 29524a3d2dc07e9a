"""collections.Counter

## What it does
Suggests a `Counter` for a dict in which a loop counts: by `counts[key] = counts.get(key, 0) + 1`, or with an `if` for
the keys that are not there yet.

## Why
`Counter(words)` says that words are counted, and nothing else has to be read. It counts in C, answers 0 for what never
came up, and knows its most common elements. A Counter is a dict, so all that is done with the counts goes on as before.

## Example
    from collections import deque

    def tally(words):
        counts = {}
        for word in words:
            counts[word] = counts.get(word, 0) + 1
        return counts

Better:
    from collections import Counter, deque

    def tally(words):
        counts = Counter(words)
        return counts

## When the fix is safe
Never without a look: a key that is missing reads as 0 and raises no KeyError, and the Counter of a dict takes the
counts from its values.

## Asked as
- count occurrences of each element in a list, how often, frequency
- counts[x] = counts.get(x, 0) + 1, if x in counts: counts[x] += 1
- word count, histogram, number of times each letter appears
- Counter, most common elements, most frequent word
- tally votes, occurrences dictionary
- count duplicates with a dict
- number of times each word, letter or value occurs
- dictionary with numbers that I increase by one, KeyError the first time
- tally of votes, which value is the most frequent, top words of a text
- how many of each kind are in the list
- frequency table without pandas
- which letter, word or number is there most often and how many times
- votes[name] += 1, KeyError the first time

## References
- The Python Standard Library, collections.Counter
"""

import ast
from typing import NamedTuple

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import siblings
from chatbt.analysis.keyed import filled, is_item, item, membership, missing
from chatbt.analysis.liveness import lives_after
from chatbt.analysis.loops import Accumulator
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import proven
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite, is_enclosed
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, stdlib

_MAPPINGS = ("dict", "collections.Counter", "collections.defaultdict", "collections.OrderedDict")


class _Tally(NamedTuple):
    """How the dict `name` is filled, the key that is counted, and the statements that do it, in order."""

    name: str
    key: ast.expr
    statements: tuple[ast.stmt, ...]
    found: Accumulator


@stdlib(
    "SL002",
    module="collections",
    since="0.1",
    names={
        "collections.Counter": (
            "Counts how often each element occurs, and answers 0 for what it has not seen. It is often taken for a"
            " plain dict: `update` adds to the counts instead of replacing them, and `+` and `-` drop every count that"
            " is not positive."
        ),
    },
)
def counter_tally(statement: ast.Assign | ast.If, scope: Scope) -> Findings:
    if not scope.loops:
        return
    counted = _got(statement) if isinstance(statement, ast.Assign) else _tested(statement)
    if counted is None:
        return
    name, key, statements = counted
    found = filled(name, statements, scope)
    if found is not None:
        message = f"`{name}` counts by hand what comes up in this loop"
        yield Finding(statement, message, about=_Tally(name, key, statements, found))


_Counted = tuple[str, ast.expr, tuple[ast.stmt, ...]]


def _got(statement: ast.Assign) -> _Counted | None:
    """`name[key] = name.get(key, 0) + 1`."""
    target = item(statement.targets[0]) if len(statement.targets) == 1 else None
    match statement.value:
        case ast.BinOp(left=first, op=ast.Add(), right=second) if target is not None:
            call, one = (second, first) if isinstance(first, ast.Constant) else (first, second)
        case _:
            return None
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get"), args=[key, zero], keywords=[]):
            is_tally = _is_number(zero, 0) and _is_number(one, 1) and is_item(target.node, name, key)
            return (name, key, (statement,)) if is_tally else None
    return None


def _tested(statement: ast.If) -> _Counted | None:
    """`if key in name: name[key] += 1` and `else: name[key] = 1`, in either order, or 0 for what is missing first."""
    absent = missing(statement)
    if absent is not None:
        is_tally = _is_number(absent.value, 0) and _adds_one(absent.following, absent.name, absent.key)
        return (absent.name, absent.key, (statement, absent.following)) if is_tally else None
    tested = membership(statement.test)
    if tested is None or len(statement.body) != 1 or len(statement.orelse) != 1:
        return None
    name, key, is_there = tested
    more, start = (statement.body[0], statement.orelse[0])[:: 1 if is_there else -1]
    match start:
        case ast.Assign(targets=[target], value=one) if is_item(target, name, key) and _is_number(one, 1):
            return (name, key, (statement,)) if _adds_one(more, name, key) else None
    return None


def _adds_one(statement: ast.stmt, name: str, key: ast.expr) -> bool:
    match statement:
        case ast.AugAssign(target=target, op=ast.Add(), value=one):
            return is_item(target, name, key) and _is_number(one, 1)
    return False


def _is_number(node: ast.expr, number: int) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value == number


@counter_tally.fix
def use_counter(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    tally = finding.about
    assert isinstance(tally, _Tally)
    first, last = tally.statements[0], tally.statements[-1]
    stretch = Range(rewrite.place(first).start, rewrite.place(last).end)
    if not all(rewrite.stands_alone(one) for one in tally.statements) or comments_within(stretch, rewrite.walked):
        return None
    counter = rewrite.reached(scope, "collections", "Counter")
    if counter is None:
        return None
    whole = _whole(tally, counter, scope, rewrite)
    if whole is not None:
        return review(f"Count with a `{counter}`", *whole)
    return review(
        f"Make it a `{counter}`",
        rewrite.replace(tally.found.value, f"{counter}()"),
        Edit(stretch, f"{tally.name}[{rewrite.text(tally.key)}] += 1"),
    )


def _whole(tally: _Tally, counter: str, scope: Scope, rewrite: Rewrite) -> list[Edit] | None:
    """The edits that put a Counter of what is counted in the place of the loop, if it does nothing but count."""
    start, loop = tally.found.start, tally.found.loop
    if not isinstance(loop, ast.For) or loop.orelse or loop.body != list(tally.statements):
        return None
    names = [node.id for node in ast.walk(loop.target) if isinstance(node, ast.Name)]
    if any(lives_after(name, loop, scope) for name in names) or not all(map(rewrite.stands_alone, (start, loop))):
        return None
    counted = rewrite.text(loop.iter)
    if isinstance(loop.iter, ast.Tuple | ast.Yield | ast.YieldFrom) and not is_enclosed(counted):
        counted = f"({counted})"
    is_itself = isinstance(loop.target, ast.Name) and rewrite.text(tally.key) == loop.target.id
    if not is_itself or proven(loop.iter, scope, *_MAPPINGS):
        counted = f"{rewrite.text(tally.key)} for {rewrite.text(loop.target)} in {counted}"
    whole, begun = rewrite.place(loop), rewrite.place(start)
    text = f"{rewrite.slice(Range(begun.start, rewrite.place(tally.found.value).start))}{counter}({counted})"
    if siblings(start)[1][0] is loop:
        stretch = Range(begun.start, whole.end)
        return None if comments_within(stretch, rewrite.walked) else [Edit(stretch, text)]
    lines = Range(begun.start, Position(begun.end.line + 1, 0))
    if comments_within(whole, rewrite.walked) or comments_within(lines, rewrite.walked):
        return None
    return [rewrite.remove(start), Edit(whole, text)]
