"""zoneinfo instead of pytz

## What it does
Offers `zoneinfo.ZoneInfo` for a `pytz.timezone(...)` or `dateutil.tz.gettz(...)`, and `datetime.timezone.utc` for
`pytz.utc`, where it is given to a function or method of `datetime`.

## Why
Python has had the time zones of the world since 3.9. A zone of `pytz` that is given as `tzinfo=` is not even right: it
stands for the first local time on record, some odd minutes off, until `localize` has chosen another.

## Example
    from datetime import datetime
    import pytz

    def opening():
        return datetime(2024, 5, 1, 9, tzinfo=pytz.timezone("Europe/Vienna"))

Better:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    def opening():
        return datetime(2024, 5, 1, 9, tzinfo=ZoneInfo("Europe/Vienna"))

## When the fix is safe
Never without a look: with `tzinfo=` the result becomes another, and right. An unknown zone is another error, and on
Windows the package `tzdata` is needed. An import of `pytz` that nothing mentions any more goes.

## Asked as
- pytz.timezone with datetime gives a wrong offset, LMT, +00:53
- zoneinfo against pytz, time zones in the standard library
- pytz localize and normalize, tzinfo= with pytz, is pytz outdated
- convert a datetime to another time zone, Europe/Berlin, America/New_York
- dateutil.tz.gettz, ZoneInfo, daylight saving time is wrong
- pytz.utc against timezone.utc
- odd minutes in the utc offset
- strange offset such as +00:53, +00:20 or -04:56 with tzinfo from pytz
- which time zone library should be used today
- time zone conversion in the standard library without installing anything
- datetime(..., tzinfo=pytz.timezone("...")) is wrong by minutes
- replace pytz or dateutil
- pytz or zoneinfo, which one is better in new code
- time in New York, Tokyo or Berlin from a datetime

## References
- The Python Standard Library, zoneinfo
- PEP 615 Support for the IANA Time Zone Database in the Standard Library
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import ancestors
from chatbt.analysis.loops import is_own
from chatbt.analysis.names import callee, qualified
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, stdlib

_ZONES = ("pytz.timezone", "dateutil.tz.gettz", "dateutil.tz.tz.gettz")
_UTC = ("pytz.utc", "pytz.UTC")
_TAKERS = {"now", "fromtimestamp", "astimezone", "replace", "combine"}
_CLASSES = ("datetime.datetime", "datetime.time")


@stdlib(
    "SL018",
    module="zoneinfo",
    since="0.1",
    python=(3, 9),
    calls=_ZONES,
    names={
        "zoneinfo.ZoneInfo": (
            "A time zone by its name in the IANA database, ready for `tzinfo=`: there is nothing to localise. Adding"
            " a timedelta moves the hands of the local clock; to add time that really passes, also where the clocks"
            " change, convert to UTC before."
        ),
    },
)
def zoneinfo_over_pytz(zone: ast.Call | ast.Attribute, scope: Scope) -> Findings:
    if isinstance(zone, ast.Attribute):
        if zone.attr not in ("utc", "UTC") or qualified(zone, scope) not in _UTC or not _is_given(zone, scope):
            return
        yield Finding(zone, f"`{dotted(zone)}` is the UTC of a package: `datetime` has its own")
        return
    if len(zone.args) != 1 or zone.keywords or isinstance(zone.args[0], ast.Starred):
        return
    if not (_is_given(zone, scope) or _is_only_given(zone, scope)) or _is_caught(zone, scope):
        return
    name = callee(zone, scope)
    if name == "pytz.timezone" and _keyword(zone) == "tzinfo":
        message = f"`tzinfo` takes `{ast.unparse(zone)}` for its first local time on record, some minutes off"
        yield Finding(zone, message)
    elif name == "pytz.timezone" or isinstance(zone.args[0], ast.Constant):
        yield Finding(zone, f"`{dotted(zone)}` looks the zone up in a package: Python has had them since 3.9")


def _last_part(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else ""


def _keyword(zone: ast.expr) -> str | None:
    around = parent(zone)
    return around.arg if isinstance(around, ast.keyword) else None


def _is_given(zone: ast.expr, scope: Scope) -> bool:
    """Whether a zone is an argument of what makes a datetime, which does with either kind."""
    around = parent(zone)
    call = parent(around) if isinstance(around, ast.keyword) and around.arg in ("tz", "tzinfo") else around
    if not isinstance(call, ast.Call) or call.func is zone:
        return False
    if callee(call, scope) in _CLASSES:
        return True
    method = _last_part(call.func)
    return method in _TAKERS and (method != "replace" or _keyword(zone) == "tzinfo")


def _is_only_given(zone: ast.expr, scope: Scope) -> bool:
    """Whether a zone is bound to a variable of its own, and every use of that is to be given so."""
    match parent(zone):
        case ast.Assign(targets=[ast.Name(id=name)]):
            if not is_own(name, scope) or scope.used_elsewhere(name) or len(scope.bindings[name]) != 1:
                return False
            loads = list(scope.all_loads(name))
            return bool(loads) and all(_is_given(load, scope) for load in loads)
    return False


def _is_caught(zone: ast.expr, scope: Scope) -> bool:
    """Whether a handler waits for an error of `pytz` here."""
    return any(
        isinstance(node, ast.Name | ast.Attribute) and (qualified(node, scope) or "").startswith("pytz.")
        for around in ancestors(zone)
        if isinstance(around, ast.Try)
        for handler in around.handlers
        if handler.type is not None
        for node in ast.walk(handler.type)
    )


@zoneinfo_over_pytz.fix
def use_zoneinfo(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    zone = finding.node
    if isinstance(zone, ast.Call):
        rewrite.drop(zone.func)
        zoneinfo = rewrite.imported(scope, "zoneinfo", "ZoneInfo")
        return review("Use `ZoneInfo`", rewrite.replace(zone.func, zoneinfo)) if zoneinfo else None
    rewrite.drop(zone)
    timezone = rewrite.imported(scope, "datetime", "timezone")
    return review("Use `timezone.utc`", rewrite.replace(zone, f"{timezone}.utc")) if timezone else None
