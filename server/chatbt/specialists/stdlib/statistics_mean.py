"""Mean and median of statistics

## What it does
Offers `statistics.fmean(xs)` for `sum(xs) / len(xs)`, and `statistics.median_high(xs)` for `sorted(xs)[len(xs) // 2]`.

## Why
The name says what is computed. `fmean` adds up without losing digits to rounding, and of nothing at all it says that a
mean needs data, where a division by zero must be explained by who reads it.

## Example
    from statistics import stdev

    def describe(samples):
        return sum(samples) / len(samples), stdev(samples)

Better:
    from statistics import fmean, stdev

    def describe(samples):
        return fmean(samples), stdev(samples)

## When the fix is safe
Never without a look: `fmean` makes floats of all that it is given, also of Decimal and Fraction, the last digit may
differ, and no data is a StatisticsError.

## Asked as
- sum(x) / len(x), average of a list, mean
- statistics.mean, fmean, median, middle value
- ZeroDivisionError: division by zero for the average of an empty list
- built-in function for the average
- sorted(x)[len(x) // 2], compute the median
- arithmetic mean without numpy
- average of a list of numbers, is there a function
- sum divided by len
- mean of grades, temperatures or measurements, median of a list
- division by zero when the list is empty
- mean of the measurements, sum(m) / len(m)
- average grade, average of an empty list crashes

## References
- The Python Standard Library, statistics.fmean and statistics.median_high
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.handlers import is_awaited
from chatbt.analysis.names import callee, is_builtin, resolve
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.layout import follows_a_word
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, stdlib

# Where one of these is at home, a sequence may hold what is no float.
_ARRAYS = ("np", "numpy", "pd", "pandas", "torch", "tf", "jnp", "xp", "sympy", "Decimal", "decimal", "Fraction",
           "fractions")  # fmt: skip
_NOTHING = {"builtins.ZeroDivisionError", "builtins.IndexError", "builtins.ArithmeticError", "builtins.LookupError"}


@stdlib(
    "SL017",
    module="statistics",
    since="0.1",
    calls=("builtins.sum", "builtins.sorted"),
    names={
        "statistics.mean": (
            "The mean without rounding on the way, of fractions and decimals as well, for which it takes its time:"
            " `fmean` is much faster where floats will do. Of no data it raises StatisticsError; it returns neither 0"
            " nor NaN."
        ),
        "statistics.fmean": (
            "The mean as a float, in little time. It turns everything into floats first, which is no good for money"
            " in decimals; of no data it raises StatisticsError."
        ),
    },
)
def statistics_mean(call: ast.Call, scope: Scope) -> Findings:
    match call:
        case ast.Call(args=[ast.Name(id=name)], keywords=[]):
            around = parent(call)
        case _:
            return
    what = "median_high" if callee(call, scope) == "builtins.sorted" else "fmean"
    if not (_is_median(around, call, name) if what == "median_high" else _is_mean(around, call, name)):
        return
    if not is_builtin("len", scope) or any(resolve(one, scope) for one in _ARRAYS) or is_awaited(call, _NOTHING, scope):
        return
    words = "the mean" if what == "fmean" else "the upper median"
    yield Finding(around, f"this is {words} of `{name}`, worked out by hand", about=(what, name))


def _is_mean(around: ast.AST, call: ast.Call, name: str) -> bool:
    match around:
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return left is call and _is_length(right, name)
    return False


def _is_median(around: ast.AST, call: ast.Call, name: str) -> bool:
    match around:
        case ast.Subscript(value=value, slice=ast.BinOp(left=left, op=ast.FloorDiv(), right=ast.Constant(value=2))):
            return value is call and _is_length(left, name)
    return False


def _is_length(node: ast.expr, name: str) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=measured)], keywords=[]):
            return measured == name
    return False


@statistics_mean.fix
def use_statistics(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    what, name = finding.about
    function = rewrite.imported(scope, "statistics", what)
    if function is None or follows_a_word(finding.node, rewrite):
        return None
    return review(f"Use `statistics.{what}`", rewrite.replace(finding.node, f"{function}({name})"))
