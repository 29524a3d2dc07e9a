"""Naive UTC datetime

## What it does
Reports `datetime.utcnow()` and `datetime.utcfromtimestamp()`.

## Why
They return the time in UTC without saying so: the value has no time zone, and everything that needs one takes it for
local time. `timestamp()` and `astimezone()` are off by the machine's offset, and a comparison with an aware value
fails. Both are deprecated since Python 3.12.

## Example
    import datetime

    created = datetime.datetime.utcnow()

Better:
    import datetime

    created = datetime.datetime.now(datetime.timezone.utc)

## When the fix is safe
Never without a look: the result becomes aware, so comparing it with or subtracting it from a naive value raises
TypeError, and `isoformat()` ends in `+00:00`.

## Asked as
- datetime.utcnow() is deprecated, use timezone-aware objects to represent datetimes in UTC
- utcnow and utcfromtimestamp give a naive datetime without tzinfo
- utc time is off by an hour or by the local offset, timestamp() of utcnow is wrong
- can't compare offset-naive and offset-aware datetimes, can't subtract
- datetime.now(timezone.utc) or datetime.now(UTC) against utcnow
- how to get the current time in UTC properly
- DTZ003, DTZ004, time shown is several hours wrong on a server in another time zone
- what do I use instead of datetime.utcnow, which is scheduled for removal
- now in UTC with time zone, aware datetime, isoformat lacks +00:00
- database or token expiry times are shifted by my utc offset
- timestamp of utcnow differs from time.time by hours
- utcfromtimestamp deprecated
- hour is wrong in the summer, times in the database are two hours early or late, utcnow
- replacement for utcnow() in Python 3.12

## References
- The Python Standard Library, datetime: Aware and Naive Objects
- What's New In Python 3.12, Deprecated
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import is_provoked
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.arguments import added_argument
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, critic

_AWARE = {"utcnow": "now", "utcfromtimestamp": "fromtimestamp"}
_CALLS = tuple(f"datetime.datetime.{name}" for name in _AWARE)


@critic("CC013", group="bug", since="0.1", ruff=("DTZ003", "DTZ004"), calls=_CALLS, deprecated=True)
def naive_utc_datetime(call: ast.Call, scope: Scope) -> Findings:
    if is_provoked(call):
        return
    method = parent(call)
    name = method.attr if isinstance(method, ast.Attribute) else ""
    if name == "replace" and _gets_zone(parent(method)):
        return
    made = f"`{_function(call).attr}()` returns a datetime without a time zone"
    if name in ("timestamp", "astimezone"):
        yield Finding(call, f"{made}: `{name}()` takes the UTC time for local time")
    else:
        yield Finding(call, f"{made}: what needs one takes the UTC time for local time")


def _function(call: ast.Call) -> ast.Attribute:
    assert isinstance(call.func, ast.Attribute)
    return call.func


def _gets_zone(call: ast.AST) -> bool:
    """Whether `replace` is called with a time zone, so that the value is naive no longer."""
    return isinstance(call, ast.Call) and any(
        one.arg == "tzinfo" and not (isinstance(one.value, ast.Constant) and one.value.value is None)
        for one in call.keywords
    )


@naive_utc_datetime.fix
def make_it_aware(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call = finding.node
    assert isinstance(call, ast.Call)
    name = _function(call).attr
    expected = 1 if name == "utcfromtimestamp" else 0
    if call.keywords or len(call.args) != expected or any(isinstance(one, ast.Starred) for one in call.args):
        return None
    zone = rewrite.imported(scope, "datetime", "timezone")
    if zone is None:
        return None
    argument = added_argument(call, f"tz={zone}.utc" if call.args else f"{zone}.utc", rewrite)
    if argument is None:
        return None
    end = rewrite.place(call.func).end
    renamed = Edit(Range(Position(end.line, end.column - len(name)), end), _AWARE[name])
    return review(f"Use `{_AWARE[name]}()` with `{zone}.utc`", renamed, argument)
