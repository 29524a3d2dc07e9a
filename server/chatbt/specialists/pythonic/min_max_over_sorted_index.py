"""Sorting to take the first or the last

## What it does
Reports `sorted(xs)[0]` and `sorted(xs)[-1]`, with `reverse=True` too.

## Why
Sorting compares every element with many others and makes a new list, of which all but one element is thrown away.
`min` and `max` look at each element once, and their name says what is wanted.

## Example
    numbers = [3, 1, 2]
    lowest = sorted(numbers)[0]

Better:
    numbers = [3, 1, 2]
    lowest = min(numbers)

## When the fix is safe
Never without a look: of an empty collection `min` raises ValueError, the index IndexError; `max` takes the first of
several equal elements, the index the last; and elements that have no total order, such as NaN or sets, may come out
differently. With a `key` only the forms that take the same one of several equal elements are reported.

## Asked as
- sorted(x)[0], sorted(x)[-1], smallest or largest element
- sort a list to get the minimum or maximum
- FURB192, find the largest item without sorting everything
- min or max with a key, newest file, oldest, longest, cheapest
- sorted(..., key=...)[0] is inefficient
- highest value only, is sorting wasteful
- biggest, smallest, newest or cheapest object, I sort and take the first or last
- sorted(files, key=os.path.getmtime)[-1]
- is sorting the whole list for one value slow
- find the lowest price, the longest word, the person with the highest age
- items.sort() and then items[0]
- last = sorted(dates)[-1], first = sorted(names)[0]
- most recent file, youngest person, best score by sorting

## References
- The Python Library Reference, Built-in Functions: min and max
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import ancestors, contains
from chatbt.analysis.names import is_builtin, qualified
from chatbt.analysis.outer import dotted
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.arguments import removed_keyword
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, pythonic

_CAUGHT = ("IndexError", "LookupError")


@pythonic("PY030", since="0.1", ruff=("FURB192",))
def min_max_over_sorted_index(subscript: ast.Subscript, scope: Scope) -> Findings:
    call = subscript.value
    if not isinstance(call, ast.Call) or not isinstance(subscript.ctx, ast.Load):
        return
    index = _end(subscript.slice)
    if index is None or len(call.args) != 1 or qualified(call.func, scope) != "builtins.sorted":
        return
    wanted = _wanted(call, index)
    if wanted is None or isinstance(call.args[0], ast.Starred) or not is_builtin(wanted, scope):
        return
    if _is_caught(subscript):
        return
    size = "smallest" if wanted == "min" else "largest"
    yield Finding(subscript, f"all elements are sorted to take the {size} one", about=wanted)


def _end(index: ast.expr) -> int | None:
    """0 or -1, if the index is one of them."""
    match index:
        case ast.Constant(value=int(value)) if value == 0 and value is not False:
            return 0
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))) if value == 1 and value is not True:
            return -1
    return None


def _wanted(call: ast.Call, index: int) -> str | None:
    """The builtin that finds the element; None if that is not known, or if it takes another of equal ones."""
    keywords = {one.arg: one.value for one in call.keywords}
    reverse = keywords.pop("reverse", ast.Constant(False))
    if not isinstance(reverse, ast.Constant) or keywords.keys() - {"key"}:
        return None
    if "key" in keywords and index == -1:
        return None
    return "max" if bool(reverse.value) == (index == 0) else "min"


def _is_caught(subscript: ast.Subscript) -> bool:
    """Whether a handler around waits for the IndexError of an empty list."""
    return any(
        dotted(caught).rpartition(".")[2] in _CAUGHT
        for around in ancestors(subscript)
        if isinstance(around, ast.Try | ast.TryStar) and any(contains(one, subscript) for one in around.body)
        for handler in around.handlers
        if handler.type is not None
        for caught in (handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type])
    )


@min_max_over_sorted_index.fix
def take_it_directly(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    subscript = finding.node
    assert isinstance(subscript, ast.Subscript) and isinstance(subscript.value, ast.Call)
    call, whole = subscript.value, rewrite.place(subscript)
    edits = [
        rewrite.replace_range(whole.start, rewrite.place(call).start, ""),
        rewrite.replace(call.func, finding.about),
        rewrite.replace_range(rewrite.place(call).end, whole.end, ""),
    ]
    for keyword in call.keywords:
        if keyword.arg == "reverse":
            removed = removed_keyword(call, keyword, rewrite)
            if removed is None:
                return None
            edits.append(removed)
    return review(f"Use `{finding.about}`", *edits)
