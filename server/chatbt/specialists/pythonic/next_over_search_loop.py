"""`next` instead of a loop that looks for one element

## What it does
Finds a loop that does nothing but look for the first element for which a condition holds, and keeps or returns it.

## Why
The reader must check a default, a loop, a condition, an assignment and a `break` to see that one element is searched.
`next` over a generator says it in one expression, stops at the same place, and the default stands beside it.

## Example
    def find(users, wanted):
        for user in users:
            if user.id == wanted:
                return user
        return None

Better:
    def find(users, wanted):
        return next((user for user in users if user.id == wanted), None)

## When the fix is safe
When the condition calls nothing but builtins (a StopIteration would become a RuntimeError in a generator), the default
is a constant or a variable that nothing else can change, what is found is built of names, and no variable of the loop
is read afterwards. It is not offered where the one line gets too long to be read.

## Asked as
- find the first element that matches a condition
- first item in a list for which something is true, or None
- next() with a generator and default, StopIteration
- loop with if, result = x and break
- search in a list of objects by attribute
- get first match without a loop, find() as in JavaScript, first or default
- first user whose name matches, or None if nobody does
- look for one object in a list and stop as soon as it is found
- loop, if, return item, and return None at the end
- shortest way to search a list by a property
- first free seat, first even number, first line that begins with
- first order that is unpaid, first matching entry or None
- for x in xs: if cond: return x, return None

## References
- The Python Standard Library, Built-in Functions: next
- The Python Language Reference, 6.2.8 Generator expressions
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import ancestors, is_pure
from chatbt.analysis.generators import can_be_in_generator, never_stops
from chatbt.analysis.liveness import lives_after, seen_when_failing
from chatbt.analysis.loops import is_own
from chatbt.analysis.names import is_builtin, is_dynamic
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.searches import Search, search_of
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.layout import LINE_LENGTH, line_end
from chatbt.rewriting.rewrite import Rewrite, is_enclosed
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, pythonic

_CATCHING = (ast.Try, ast.TryStar, ast.With, ast.AsyncWith)


@pythonic("PY034", since="0.1", yields_to=("PY006",))
def next_over_search_loop(loop: ast.For, scope: Scope) -> Findings:
    if len(loop.body) != 1 or loop.orelse or not isinstance(loop.body[0], ast.If):
        return
    search = search_of(loop, loop.body[0])
    if search is None or _length(search) > LINE_LENGTH or not _is_plain(search, scope):
        return
    what = ast.unparse(search.found)
    yield Finding(
        loop,
        f"the loop only looks for the first `{what}` that fits",
        stretch=Range.of(loop.lineno, loop.col_offset, loop.iter.end_lineno or 0, loop.iter.end_col_offset or 0),
        about=search,
    )


def _length(search: Search) -> int:
    """About how long the line would be that takes the loop's place; too long where a part has several lines."""
    if any(one.lineno != one.end_lineno for one in search.parts):
        return LINE_LENGTH + 1
    widths = sum((one.end_col_offset or 0) - one.col_offset for one in search.parts)
    start = search.default.col_offset if search.kept else search.loop.col_offset + len("return ")
    return start + len("next(( for  in  if ), )") + widths


def _is_plain(search: Search, scope: Scope) -> bool:
    """Whether the loop can be an expression: it keeps something of the element, and nothing reads its variables."""
    loop, parts = search.loop, (search.test, search.found)
    targets = [one for one in ast.walk(loop.target) if not isinstance(one, ast.expr_context)]
    if not all(isinstance(one, ast.Name | ast.Tuple) for one in targets):
        return False
    names = {one.id for one in targets if isinstance(one, ast.Name)}
    mine = search.kept
    if mine in names or not any(isinstance(one, ast.Name) and one.id in names for one in ast.walk(search.found)):
        return False
    if not is_pure(search.default) or not _is_simple(search.found, attributes=True):
        return False
    read = {one.id for part in (*parts, loop.iter) for one in ast.walk(part) if isinstance(one, ast.Name)}
    if mine and seen_when_failing(mine, loop, scope, foreseen=True):
        return False
    if mine in read or is_dynamic(scope) or not is_builtin("next", scope):
        return False
    if isinstance(search.default, ast.Name) and search.default.id in names:
        return False
    if not all(can_be_in_generator(one, scope) for one in (*parts, loop.iter)):
        return False
    if not all(scope.find(name) is scope and not _is_shared(name, scope) for name in names):
        return False
    return not any(lives_after(name, loop, scope) for name in names)


def _is_shared(name: str, scope: Scope) -> bool:
    return name in scope.globals | scope.nonlocals or scope.captures(name) or scope.used_elsewhere(name)


def _is_simple(found: ast.expr, *, attributes: bool) -> bool:
    """Whether what is kept is read off the element without a call; without `attributes`, built of names alone."""
    listed = found.elts if isinstance(found, ast.Tuple) else [found]
    return all(is_pure(one, attributes=attributes) for one in listed)


@next_over_search_loop.fix
def use_next(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    search: Search = finding.about
    first, last = (search.other, search.loop) if search.kept else (search.loop, search.other)
    if not (rewrite.stands_alone(first) and rewrite.stands_alone(last)):
        return None
    start, end = rewrite.place(first).start, rewrite.place(last).end
    value = rewrite.place(search.default)
    head = rewrite.slice(Range(start, value.start)) if search.kept else "return "
    lost = Range(value.end if search.kept else start, line_end(end.line, rewrite))
    if comments_within(lost, rewrite.walked):
        return None
    found, target, iterable, test, default = (_part(one, rewrite) for one in search.parts)
    text = f"next(({found} for {target} in {iterable} if {test}), {default})"
    make = safe if _is_proven(search, scope) else review
    return make("Use `next`", Edit(Range(start, end), head + text))


def _part(node: ast.expr, rewrite: Rewrite) -> str:
    """The source of a part of the expression, in parentheses where they are needed."""
    text = rewrite.text(node)
    loose = isinstance(node, ast.IfExp) or (isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load))
    return f"({text})" if loose and not is_enclosed(text) else text


def _is_proven(search: Search, scope: Scope) -> bool:
    default = search.default
    if isinstance(default, ast.Name) and not (scope.kind == "function" and is_own(default.id, scope)):
        return False
    if isinstance(default, ast.Name) and scope.captures(default.id):
        return False
    if not never_stops(search.test, scope) or not _is_simple(search.found, attributes=False):
        return False
    if search.kept and _is_shared(search.kept, scope):
        return False
    # Where the search fails half-way, a handler may read the default that the variable does not get any more.
    return not search.kept or not any(isinstance(one, _CATCHING) for one in ancestors(search.loop))
