"""`raise … from` in a handler

## What it does
Finds a new exception that is raised in a handler without `from`: the traceback does not tell whether the first error
led to it, or the handler itself failed.

## Why
Without `from` Python prints "During handling of the above exception, another exception occurred", which is what a bug
in the handler looks like. `from err` says that the new error is the consequence of the first, and code that catches it
finds the reason in `__cause__`. Where the first error is of no interest to anybody, as in `__getattr__`, `from None`
hides it.

## Example
    def load(path):
        try:
            return parse(path)
        except KeyError:
            raise ConfigError(path)

Better:
    def load(path):
        try:
            return parse(path)
        except KeyError as err:
            raise ConfigError(path) from err

## When the fix is safe
Never without a look: the text of the traceback and `__cause__` change, and `from None` may be what is meant. There is
no fix where the handler names no class, or the name that it gives the error stands for something else by then.

## Asked as
- raise another exception inside except, raise ... from err
- During handling of the above exception, another exception occurred
- The above exception was the direct cause of the following exception
- B904, W0707 raise-missing-from
- exception chaining, keep or hide the original exception, from None, __cause__
- convert a low-level error into my own exception
- two tracebacks for one error, suppress the context
- my own exception raised in an except block shows two tracebacks
- should the original exception be attached, raise X from Y
- wrap a KeyError or ValueError in a custom error
- another exception occurred message is confusing, hide it
- In except KeyError I raise NotFound, how to show that one caused the other
- traceback shows both exceptions, link or separate them

## References
- The Python Language Reference, 7.8 The raise statement
- PEP 3134, Exception Chaining and Embedded Tracebacks
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import contains, enclosing_function
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.clauses import name_place
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, pythonic

_BOUNDARIES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# They say what happens next, not what went wrong: nobody looks for their cause.
_SIGNALS = frozenset(
    "SystemExit KeyboardInterrupt GeneratorExit StopIteration StopAsyncIteration CancelledError SkipTest Skip Skipped "
    "Exit Abort Http404 HTTPFound".split()
)
_LOOK_UPS = frozenset({"__getattr__", "__getattribute__", "__delattr__"})  # the first error is how they work inside
_NAMES = ("err", "exc", "error")


@pythonic("PY040", since="0.1", ruff=("B904",))
def raise_from(statement: ast.Raise, scope: Scope) -> Findings:
    if statement.cause is not None or not isinstance(statement.exc, ast.Call | ast.Name | ast.Attribute):
        return
    made = dotted(statement.exc).rpartition(".")[2]
    if not made.lstrip("_")[:1].isupper() or made in _SIGNALS:
        return
    handler = _handler(statement)
    if handler is None or handler.name == made or _has_cause(statement.exc):
        return
    caught = f"`{ast.unparse(handler.type)}`" if handler.type else "any error"
    message = f"`{made}` looks like a failure of the code that handles {caught}, not like its consequence"
    yield Finding(statement, message, about=handler)


def _handler(statement: ast.Raise) -> ast.ExceptHandler | None:
    """The handler that `statement` runs in; None if there is none, or it is one of `except*`."""
    around = parent(statement)
    while not isinstance(around, (ast.ExceptHandler, *_BOUNDARIES)):
        if parent(around) is around:
            return None
        around = parent(around)
    is_plain = isinstance(around, ast.ExceptHandler) and isinstance(parent(around), ast.Try)
    return around if is_plain and isinstance(around, ast.ExceptHandler) else None


def _has_cause(raised: ast.expr) -> bool:
    """Whether the call says itself where the new error comes from."""
    return isinstance(raised, ast.Call) and any(one.arg in ("cause", "from_", "original") for one in raised.keywords)


@raise_from.fix
def name_the_cause(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    statement, handler = finding.node, finding.about
    assert isinstance(statement, ast.Raise) and isinstance(handler, ast.ExceptHandler)
    if getattr(enclosing_function(statement), "name", "") in _LOOK_UPS:
        return review("Raise it `from None`", rewrite.insert_behind(statement, " from None"))
    owner = scope.find(handler.name) if handler.name else scope
    if scope.dynamic or owner is not scope:
        return None
    if handler.name is not None:
        if any(one is not handler and contains(handler, one) for one in scope.bindings_of(handler.name)):
            return None
        name, edits = handler.name, []
    else:
        place = name_place(handler, rewrite)
        if place is None or scope.kind == "class":
            return None
        name = next((one for one in _NAMES if _can_take(one, handler, scope)), None) or rewrite.fresh("err", scope)
        edits = [Edit(Range(place, place), f" as {name}")]
    return review(f"Raise it `from {name}`", *edits, rewrite.insert_behind(statement, f" from {name}"))


def _can_take(name: str, handler: ast.ExceptHandler, scope: Scope) -> bool:
    """Whether the handler may bind, and so unbind, `name`: it is free, or only other handlers use it for themselves."""
    if scope.elsewhere(name) or scope.used_elsewhere(name) or scope.captures(name):
        return False
    if name in scope.globals | scope.nonlocals:
        return False
    others = scope.bindings.get(name, [])
    if not others:
        return scope.free(name) and not scope.meanings_of(name)
    alone = all(
        isinstance(one, ast.ExceptHandler) and not contains(one, handler) and not contains(handler, one)
        for one in others
    )
    return alone and all(any(contains(one, load) for one in others) for load in scope.all_loads(name))
