"""perf_counter for durations

## What it does
Offers `time.perf_counter()` where the readings of `time.time()` that variables hold are only subtracted from each
other. Also for `(datetime.now() - start).total_seconds()`.

## Why
`time.time()` is the time of day, and somebody may set it: the network, an administrator, the end of a leap second. A
duration over such a moment is wrong, even negative. `perf_counter` only ever goes forward, and in the finest steps that
the machine has.

## Example
    import time

    def measure(work):
        start = time.time()
        work()
        print(time.time() - start)

Better:
    import time

    def measure(work):
        start = time.perf_counter()
        work()
        print(time.perf_counter() - start)

## When the fix is safe
When every use of every reading is proven to be a difference of two of them, in this function: all of them are changed
together. A datetime's difference is rounded to microseconds, and its clock changes with daylight saving: review.

## Asked as
- time.time() to measure elapsed time, execution time of code
- time.perf_counter, monotonic, benchmark, how long does a function take
- duration is negative or zero, clock adjusted by ntp or daylight saving
- end - start, stopwatch, timing code, datetime.now() - start
- time.time against perf_counter against process_time
- measure runtime precisely, resolution of the timer on Windows
- measure how long something takes, which clock is best
- difference of two time.time() is zero, too coarse or negative
- start = time.time(), elapsed = time.time() - start
- time a piece of code, seconds between two points in the program
- system clock was changed during the measurement
- t0 = time.time(), print(time.time() - t0) is negative after the clock was synced
- compare the speed of two functions, how many milliseconds

## References
- The Python Standard Library, time.perf_counter
- PEP 418 Add monotonic time, performance counter, and process time functions
"""

import ast
from typing import NamedTuple

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import position
from chatbt.analysis.loops import is_own
from chatbt.analysis.names import callee, is_dynamic, scope_of
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.shown import is_shown
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.layout import follows_a_word
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, stdlib

_DATES = ("datetime.datetime.now", "datetime.datetime.utcnow")
# Where an expression needs no brackets of its own.
_ROOMY = (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr, ast.keyword, ast.AugAssign)


class _Measured(NamedTuple):
    """The variables that hold readings of one clock, and all its readings and their differences."""

    clock: str
    names: list[str]
    readings: list[ast.Call]
    differences: list[ast.expr]


@stdlib(
    "SL025",
    module="time",
    since="0.1",
    calls=("time.time", *_DATES),
    names={
        "time.perf_counter": (
            "A clock for durations, with the finest resolution there is. Only the difference of two readings in one"
            " process means anything: a reading is no time of day, and nothing to store."
        ),
        "time.time": (
            "The time of day, in seconds since 1970. It is often used to measure durations, but the clock may be set"
            " meanwhile, even back: for these there are `perf_counter` and `monotonic`."
        ),
    },
)
def perf_counter_duration(call: ast.Call, scope: Scope) -> Findings:
    name = _reading_of(call)
    if name is None or call.args or call.keywords or is_dynamic(scope):
        return
    measured = _measured(name, callee(call, scope) or "", scope)
    # One finding for all variables that are measured with each other: at the first reading.
    if measured is None or not measured.differences or call is not min(measured.readings, key=position):
        return
    among = ", ".join(f"`{one}`" for one in measured.names)
    message = f"`{dotted(call)}` may be set back or forth: the duration measured with {among} would be wrong"
    yield Finding(call, message, about=measured)


def _reading_of(call: ast.Call) -> str | None:
    """The variable that a call alone is assigned to."""
    match parent(call):
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return None


def _measured(first: str, clock: str, scope: Scope) -> _Measured | None:
    """What is measured with the variable `first` and those it is subtracted from; None if one has another use."""
    measured = _Measured(clock, [first], [], [])
    for name in measured.names:
        if not is_own(name, scope) or scope.used_elsewhere(name) or _is_rebound_within(name, scope):
            return None
        for binding in scope.bindings[name]:
            value = getattr(parent(binding), "value", None)
            if not isinstance(value, ast.Call) or _reading_of(value) != name or not _reads(value, clock):
                return None
            measured.readings.append(value)
        for load in scope.all_loads(name):
            difference = _difference(load, clock)
            if difference is None or is_shown(load, scope):
                return None
            outer, other = difference
            measured.differences.append(outer)
            if isinstance(other, ast.Call):
                measured.readings.append(other)
            elif other.id not in measured.names:
                if scope_of(other).find(other.id) is not scope:
                    return None
                measured.names.append(other.id)
    return measured


def _is_rebound_within(name: str, scope: Scope) -> bool:
    return any(name in inner.nonlocals or name in inner.globals for inner in scope.seen_from(name))


def _reads(node: ast.expr, clock: str) -> bool:
    return isinstance(node, ast.Call) and not node.args and not node.keywords and callee(node, scope_of(node)) == clock


def _difference(load: ast.Name, clock: str) -> tuple[ast.expr, ast.Name | ast.Call] | None:
    """The difference that a reading is only used for, and the other operand; None if it is used otherwise."""
    around = parent(load)
    if not isinstance(around, ast.BinOp) or not isinstance(around.op, ast.Sub):
        return None
    other = around.left if around.right is load else around.right
    if not isinstance(other, ast.Name) and not (isinstance(other, ast.Call) and _reads(other, clock)):
        return None
    if clock not in _DATES:
        return around, other
    match parent(around):
        case ast.Attribute(attr="total_seconds", value=value) as method if value is around:
            total = parent(method)
            if isinstance(total, ast.Call) and total.func is method:
                return total, other
    return None


@perf_counter_duration.fix
def use_perf_counter(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    measured = finding.about
    assert isinstance(measured, _Measured)
    clock = rewrite.imported(scope, "time", "perf_counter")
    if clock is None or any(scope_of(one).find(clock.partition(".")[0]).kind != "module" for one in measured.readings):
        return None
    for one in measured.readings:
        rewrite.drop(one.func)
    title = "Measure with `perf_counter`"
    if measured.clock not in _DATES:
        readings = {position(one): one for one in measured.readings}.values()
        make = safe if scope.kind == "function" else review
        return make(title, *(rewrite.replace(one.func, clock) for one in readings))
    if any(comments_within(rewrite.place(one), rewrite.walked) for one in measured.differences):
        return None
    totals = {position(one): one for one in measured.differences}
    inside = {id(node) for one in totals.values() for node in ast.walk(one)}
    edits = [rewrite.replace(one, f"{clock}()") for one in measured.readings if id(one) not in inside]
    edits += [rewrite.replace(one, _subtracted(one, clock, rewrite)) for one in totals.values()]
    return review(title, *edits)


def _subtracted(total: ast.expr, clock: str, rewrite: Rewrite) -> str:
    """`(a - b).total_seconds()` as a difference of two readings."""
    assert isinstance(total, ast.Call) and isinstance(total.func, ast.Attribute)
    difference = total.func.value
    assert isinstance(difference, ast.BinOp)
    left, right = (one.id if isinstance(one, ast.Name) else f"{clock}()" for one in (difference.left, difference.right))
    around = parent(total)
    has_room = isinstance(around, _ROOMY) or (isinstance(around, ast.Call) and around.func is not total)
    return f"{left} - {right}" if has_room and not follows_a_word(total, rewrite) else f"({left} - {right})"
