"""List built only to be aggregated

## What it does
Reports a list comprehension that is the only positional argument of `sum`, `any`, `all`, `min`, `max`, `set` or
`frozenset`. A tuple and a joined string are made faster of a list, and are left alone.

## Why
The whole list is built, looked at once and thrown away. A generator hands over one element at a time, so the memory
does not grow with the data, and `any` and `all` can stop at the first answer. A set has a comprehension of its own.

## Example
    def total(baskets):
        return sum([len(basket) for basket in baskets])

Better:
    def total(baskets):
        return sum(len(basket) for basket in baskets)

## When the fix is safe
When nobody can tell that the elements are made one by one: what makes them only looks at things, and either the
aggregate cannot fail with them, being numbers, say, or nothing can fail while they are made. `any` and `all` may leave
elements out, so there both the collection and what is done with it must be harmless.

## Asked as
- sum([x for x in y]) or sum(x for x in y)
- any([...]), all([...]), max([...]), min([...]), generator expression against list comprehension
- R1728 R1729 consider-using-generator, C419 unnecessary list comprehension
- are square brackets inside sum or any needed
- list built just to be summed or counted, memory use
- short-circuit with any and all does not happen with a list
- set([x for x in y]), C403
- with or without square brackets in sum, any, all, max or min
- does sum([...]) create a list in memory first
- sum of squares of many numbers without building a list
- max([f(x) for x in data])
- generator instead of a list as an argument
- any([x > 3 for x in xs]) evaluates everything first
- are the brackets in all([...]) superfluous

## References
- PEP 289, Generator Expressions
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import ancestors
from chatbt.analysis.hashing import is_hashable
from chatbt.analysis.lazily import cannot_fail, is_plain, never_stops
from chatbt.analysis.names import callee
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import exactly
from chatbt.rewriting.blocks import lines_in_strings
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.layout import LINE_LENGTH
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, pythonic

_AGGREGATES = "sum any all min max set frozenset".split()
_NUMBERS = ("int", "float", "bool")


@pythonic("PY029", since="0.1", ruff=("C419", "C403"), calls=[f"builtins.{name}" for name in _AGGREGATES])
def generator_in_aggregate(call: ast.Call, scope: Scope) -> Findings:
    if len(call.args) != 1 or not isinstance(call.args[0], ast.ListComp) or not is_plain(call.args[0]):
        return
    if any(keyword.arg is None for keyword in call.keywords):
        return
    name = (callee(call, scope) or "").removeprefix("builtins.")
    calls = any(isinstance(one, ast.Call) for one in ast.walk(call.args[0].elt))
    if name in ("any", "all") and calls and not cannot_fail(call.args[0]):
        return  # the list may be there for every call to be made
    if name == "set" and (call.keywords or any(isinstance(one, ast.JoinedStr) for one in ancestors(call))):
        return
    yield Finding(call.args[0], f"the list is built only for `{name}` to run through it", about=(call, name))


@generator_in_aggregate.fix
def hand_them_over_one_by_one(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    (call, name), listed = finding.about, finding.node
    assert isinstance(call, ast.Call) and isinstance(listed, ast.ListComp)
    inner, outer = rewrite.place(listed), rewrite.place(call)
    first = Range(inner.start, Position(inner.start.line, inner.start.column + 1))
    last = Range(Position(inner.end.line, inner.end.column - 1), inner.end)
    make = safe if _is_the_same(name, call, listed) else review
    if name == "set":
        return make("Use a set comprehension", *_braces(call, listed, first, last, rewrite))
    if call.keywords or rewrite.token(inner.end, outer.end, ","):
        edits = [rewrite.replace_range(one.start, one.end, text) for one, text in ((first, "("), (last, ")"))]
        return make("Use a generator", *edits)
    moved = _moved(listed, 1, rewrite)
    return make("Use a generator", _removed(first, rewrite), *moved, _removed(last, rewrite))


def _braces(call: ast.Call, listed: ast.ListComp, first: Range, last: Range, rewrite: Rewrite) -> list[Edit]:
    """The edits that make `set([...])` a set comprehension: on one line if it fits, else on the lines that it is on."""
    outer, func = rewrite.place(call), rewrite.place(call.func)
    is_short = first.start.line == last.start.line and _width(call, rewrite) <= LINE_LENGTH
    if is_short or func.end.line == first.start.line:
        opening = Edit(Range(outer.start, first.end), "{")
        closing = Edit(Range(last.start, outer.end), "}")
        return [opening, *_moved(listed, first.end.column - outer.start.column - 1, rewrite), closing]
    head = rewrite.token(func.end, first.start, r"\(") or first
    tail = Range(Position(outer.end.line, outer.end.column - 1), outer.end)
    brackets = [_removed(first, rewrite), *_moved(listed, 1, rewrite), _removed(last, rewrite)]
    return [Edit(Range(outer.start, head.end), "{"), *brackets, Edit(tail, "}")]


def _width(call: ast.Call, rewrite: Rewrite) -> int:
    """How long the line gets if the call goes onto one as a set comprehension."""
    start, end = rewrite.place(call)
    behind = rewrite.line(end.line).encode("utf-8", "surrogatepass")[end.column :].decode("utf-8", "surrogatepass")
    return start.column + len(rewrite.text(call.args[0])) + len(behind)


def _moved(listed: ast.ListComp, by: int, rewrite: Rewrite) -> list[Edit]:
    """The edits that move the lines of a list to where its bracket stood, or by so much if they are aligned with it."""
    start, end = rewrite.place(listed)
    within, head = lines_in_strings([listed], rewrite), rewrite.line(start.line)
    numbers = [one for one in range(start.line + 1, end.line + 1) if rewrite.line(one).strip() and one not in within]
    if not numbers:
        return []
    before = head.encode("utf-8", "surrogatepass")[: start.column].decode("utf-8", "surrogatepass")
    first = rewrite.line(numbers[0])
    old = first[: len(first) - len(first.lstrip())]
    if head.strip() == "[":
        by = len(old) - len(before) if old.startswith(before) else 0
    elif old != f"{before if not before.strip() else ' ' * len(before)} ":
        by = 0
    return [
        Edit(Range(Position(number, len(old) - by), Position(number, len(old))), "")
        for number in numbers
        if by > 0
        and rewrite.line(number).startswith(old)
        and (number != end.line or rewrite.line(number).strip() != "]")
    ]


def _removed(bracket: Range, rewrite: Rewrite) -> Edit:
    """The edit that removes a bracket, with its line if it has one to itself."""
    line = bracket.start.line
    if rewrite.line(line).strip() == rewrite.slice(bracket):
        return rewrite.replace_range(Position(line, 0), Position(line + 1, 0), "")
    return rewrite.replace_range(bracket.start, bracket.end, "")


def _is_the_same(name: str, call: ast.Call, listed: ast.ListComp) -> bool:
    """Whether nobody can tell that the elements are made one by one, and some perhaps not at all."""
    if not never_stops(listed) or not all(isinstance(one.value, ast.Constant) for one in call.keywords):
        return False
    inner: Scope = listed.__dict__["scope"]
    if cannot_fail(listed):
        return True
    match name:
        case "set" | "frozenset":
            return is_hashable(listed.elt, inner)
        case "sum":
            start = [one.value for one in call.keywords]
            return exactly(listed.elt, inner, *_NUMBERS) and all(exactly(one, inner, *_NUMBERS) for one in start)
        case "min" | "max":
            return exactly(listed.elt, inner, *_NUMBERS) or exactly(listed.elt, inner, "str")
    return False
