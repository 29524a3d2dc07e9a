"""itertools.chain.from_iterable

## What it does
Suggests `chain.from_iterable` for the lists that `sum(lists, [])` or `reduce(operator.add, lists, [])` puts together,
and for `chain(*lists)`.

## Why
Each `+` copies all that was put together before: ten times the lists take a hundred times as long. `chain` touches
every element once. The star of `chain(*lists)` runs through all of `lists` before the first element comes out.

## Example
    from itertools import groupby

    def flatten(lists):
        return sum(lists, [])

Better:
    from itertools import chain, groupby

    def flatten(lists):
        return list(chain.from_iterable(lists))

## When the fix is safe
Never without a look: whatever can be iterated over is accepted then, not lists alone, and `chain(*lists)` ran through
`lists` at once.

## References
- The Python Standard Library, itertools.chain.from_iterable
- The Python Standard Library, sum
"""

import ast
from typing import NamedTuple

from chatbt.analysis.branches import is_one_line
from chatbt.analysis.consumption import consumption
from chatbt.analysis.finding import Finding
from chatbt.analysis.names import callee, is_builtin, qualified
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.elements import without
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.layout import LINE_LENGTH
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position
from chatbt.specialists.pattern import Findings, stdlib

_CALLS = ("builtins.sum", "functools.reduce", "itertools.chain")
# `iadd` and `iconcat` add in place: nothing is copied.
_ADDERS = frozenset("operator.add operator.concat".split())


class _Lists(NamedTuple):
    """What is put together, and whether into a list; the name that the import of what does it now may have."""

    lists: ast.expr
    is_list: bool
    dropped: tuple[ast.expr, ...]


@stdlib(
    "SL004",
    module="itertools",
    since="0.1",
    ruff=("RUF017",),
    calls=_CALLS,
    names={
        "itertools.chain": (
            "Runs through several iterables as if they were one, and copies none. What it returns can be run through"
            " once: a second loop over the same chain sees nothing."
        ),
        "itertools.chain.from_iterable": (
            "Takes one level of nesting away: the elements of each iterable, in turn. It unpacks nothing in advance,"
            " as `chain(*rows)` does; a string among the iterables falls apart into its characters, which is rarely"
            " meant."
        ),
    },
)
def chain_from_iterable(call: ast.Call, scope: Scope) -> Findings:
    name = dotted(call)
    match callee(call, scope), call.args, call.keywords:
        case ("builtins.sum", [lists, ast.List(elts=[])], []) | (
            "builtins.sum",
            [lists],
            [ast.keyword(arg="start", value=ast.List(elts=[]))],
        ) if not isinstance(lists, ast.Starred):
            message = f"`{name}` copies, for each list, all those before it"
            yield Finding(call, message, about=_Lists(lists, True, ()))
        case "functools.reduce", [function, lists, ast.List(elts=[])], [] if _adds(function, scope):
            message = f"`{name}` copies, for each list, all those before it"
            yield Finding(call, message, about=_Lists(lists, True, (call.func, function)))
        case "itertools.chain", [ast.Starred(value=lists)], []:
            message = f"the star runs through all of its operand before `{name}` gives its first element"
            yield Finding(call, message, about=_Lists(lists, False, ()))


def _adds(function: ast.expr, scope: Scope) -> bool:
    match function:
        case ast.Lambda(
            args=ast.arguments(args=[ast.arg(arg=first), ast.arg(arg=second)], defaults=[]),
            body=ast.BinOp(left=ast.Name(id=left), op=ast.Add(), right=ast.Name(id=right)),
        ):
            return (left, right) == (first, second)
        case ast.Name() | ast.Attribute():
            return qualified(function, scope) in _ADDERS or dotted(function) == "list.__add__"
    return False


@chain_from_iterable.fix
def chain_them(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call, about = finding.node, finding.about
    assert isinstance(call, ast.Call) and isinstance(about, _Lists)
    if about.is_list and not is_builtin("list", scope):
        return None
    chain = rewrite.reached(scope, "itertools", "chain")
    if chain is None:
        return None
    for one in about.dropped:
        rewrite.drop(one)
    title, is_made = f"Use `{chain}.from_iterable`", about.is_list and not _is_used_up(call, scope)
    opening, closing = (f"list({chain}.from_iterable", ")") if is_made else (f"{chain}.from_iterable", "")
    if call.args[0] is about.lists and about.lists.lineno != call.func.end_lineno:
        # The arguments have lines of their own, which stay.
        places = sorted(rewrite.place(one) for one in (*call.args, *call.keywords))
        end = rewrite.place(call).end
        gone = without(1, places, Position(end.line, end.column - 1), rewrite)
        behind = rewrite.insert_behind(call, closing)
        return review(title, rewrite.replace(call.func, opening), gone, behind) if gone else None
    text = rewrite.text(about.lists)
    text = opening + (text if isinstance(about.lists, ast.GeneratorExp) else f"({text})") + closing
    first, *_ = text.splitlines()
    if not is_one_line(call) and call.col_offset + len(first) > LINE_LENGTH:
        return None
    return review(title, rewrite.replace(call, text))


def _is_used_up(call: ast.Call, scope: Scope) -> bool:
    """Whether the list is only an argument of what runs through it: `"".join(sum(...))`."""
    used = consumption(call, scope)
    return isinstance(parent(call), ast.Call) and used is not None and used.complete
