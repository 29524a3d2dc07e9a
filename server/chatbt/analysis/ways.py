"""The ways control can leave a statement. Only a `raise` raises here: what else may fail is not foreseen."""

import ast
from collections.abc import Iterable, Sequence
from typing import Literal

from chatbt.analysis.outer import parent

Way = Literal["next", "break", "continue", "return", "raise"]
Ways = frozenset[Way]

_NEXT: Ways = frozenset({"next"})
_JUMPS: dict[type[ast.AST], Ways] = {
    ast.Break: frozenset({"break"}),
    ast.Continue: frozenset({"continue"}),
    ast.Return: frozenset({"return"}),
    ast.Raise: frozenset({"raise"}),
}
_TRY = (ast.Try, ast.TryStar)


def ways_out(block: Sequence[ast.stmt], *, trusting: bool = False) -> Ways:
    """How control can leave `block`; "next" when it can reach its end.

    A `with` may swallow the exception that ends its body, so control may go on behind it; who is `trusting` takes it
    that none does.
    """
    ways: Ways = frozenset()
    for statement in block:
        found = _ways(statement, trusting)
        ways |= found - _NEXT
        if "next" not in found:
            return ways
    return ways | _NEXT


def _ways(statement: ast.stmt, trusting: bool) -> Ways:
    jump = _JUMPS.get(type(statement))
    if jump is not None:
        return jump
    match statement:
        case ast.If():
            return ways_out(statement.body, trusting=trusting) | ways_out(statement.orelse, trusting=trusting)
        case ast.For() | ast.AsyncFor() | ast.While():
            return _ways_of_loop(statement, trusting)
        case ast.With() | ast.AsyncWith():
            ways = ways_out(statement.body, trusting=trusting)
            return ways if trusting or _cannot_raise(statement.body[0]) else ways | _NEXT
        case ast.Try() | ast.TryStar():
            return _ways_of_try(statement, ways_out(statement.body, trusting=trusting), trusting)
        case ast.Match():
            ways = frozenset[Way]().union(*(ways_out(case.body, trusting=trusting) for case in statement.cases))
            return ways if any(is_catch_all(case) for case in statement.cases) else ways | _NEXT
    return _NEXT


def _ways_of_loop(loop: ast.For | ast.AsyncFor | ast.While, trusting: bool) -> Ways:
    body = ways_out(loop.body, trusting=trusting)
    ways = body - {"next", "break", "continue"}
    if "break" in body:
        ways |= _NEXT
    endless = isinstance(loop, ast.While) and isinstance(loop.test, ast.Constant) and bool(loop.test.value)
    return ways if endless else ways | ways_out(loop.orelse, trusting=trusting)


def _ways_of_try(statement: ast.Try | ast.TryStar, body: Ways, trusting: bool) -> Ways:
    """The ways out of a `try` whose body is left in the ways `body`."""
    ways = body
    if "next" in body:
        ways = (body - _NEXT) | ways_out(statement.orelse, trusting=trusting)
    for handler in statement.handlers:
        ways |= ways_out(handler.body, trusting=trusting)
    return _through(statement.finalbody, ways, trusting)


def _through(finalbody: Sequence[ast.stmt], ways: Ways, trusting: bool) -> Ways:
    last = ways_out(finalbody, trusting=trusting)
    return ways | (last - _NEXT) if "next" in last else last


def _cannot_raise(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Break | ast.Continue) or (
        isinstance(statement, ast.Return) and (statement.value is None or isinstance(statement.value, ast.Constant))
    )


def is_catch_all(case: ast.match_case) -> bool:
    """Whether a `case` matches whatever comes: `_` or a name, without a guard."""
    return case.guard is None and _matches_all(case.pattern)


def _matches_all(pattern: ast.pattern) -> bool:
    if isinstance(pattern, ast.MatchOr):
        return any(_matches_all(one) for one in pattern.patterns)
    return isinstance(pattern, ast.MatchAs) and (pattern.pattern is None or _matches_all(pattern.pattern))


def ways_after(statement: ast.stmt, around: ast.stmt) -> Ways:
    """How control can leave the block of `around` that `statement` is in, from `statement`, or its header, on.

    `around` may be a loop: "next" and "continue" lead to its next round, "break" to what follows it. Context managers
    are trusted to let exceptions through.
    """
    ways = _ways(statement, True)
    below: ast.AST = statement
    while below is not around:
        above = parent(below)
        if above is below:
            break
        block = _block(above, below)
        if "next" in ways and block:
            index = next(i for i, one in enumerate(block) if one is below)
            ways = (ways - _NEXT) | ways_out(block[index + 1 :], trusting=True)
        if above is not around:
            ways = _beyond(above, below, ways)
        below = above
    return ways


def _block(above: ast.AST, below: ast.AST) -> list[ast.stmt]:
    """The block of `above` that `below` is a statement of; [] if it is none of its statements."""
    blocks: Iterable[object] = (getattr(above, name, None) for name in ("body", "orelse", "finalbody"))
    return next((one for one in blocks if isinstance(one, list) and any(below is part for part in one)), [])


def _beyond(above: ast.AST, below: ast.AST, ways: Ways) -> Ways:
    """The ways in which the compound statement `above` is left when its part `below` is left in `ways`."""
    if isinstance(above, ast.For | ast.AsyncFor | ast.While) and any(below is one for one in above.body):
        again = _ways_of_loop(above, True) if ways & {"next", "continue"} else frozenset[Way]()
        return (ways - {"next", "break", "continue"}) | (_NEXT if "break" in ways else frozenset[Way]()) | again
    if not isinstance(above, _TRY) or any(below is one for one in above.finalbody):
        return ways
    if any(below is one for one in above.body):
        return _ways_of_try(above, ways, True) if "raise" in ways else _without_handlers(above, ways)
    return _through(above.finalbody, ways, True)


def _without_handlers(statement: ast.Try | ast.TryStar, ways: Ways) -> Ways:
    if "next" in ways:
        ways = (ways - _NEXT) | ways_out(statement.orelse, trusting=True)
    return _through(statement.finalbody, ways, True)
