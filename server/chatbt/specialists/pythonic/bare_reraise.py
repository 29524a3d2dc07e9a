"""Bare `raise` to pass an exception on

## What it does
Finds `raise err` in the handler that caught `err`, where `raise` alone passes the same exception on.

## Why
`raise err` looks like a new error, and it adds its own line to the traceback, between the reader and the line that
failed. A bare `raise` says what is meant: this is the exception that was caught, and it goes on.

## Example
    def run(job):
        try:
            job.work()
        except ValueError as err:
            job.log(err)
            raise err

Better:
    def run(job):
        try:
            job.work()
        except ValueError as err:
            job.log(err)
            raise

## When the fix is safe
When nothing else binds the name in the handler, no inner function shares it, and the handler does not touch the
traceback: then both raise the very same object. `as err` goes too if nothing reads it any more.

## Asked as
- raise e or raise, re-raise the caught exception
- except Exception as e: log, then raise e
- TRY201, W0706, rethrow an exception with its original traceback
- difference between raise and raise err in an except block
- pass the same exception on to the caller
- extra line in the traceback after raise e
- raise e against raise at the end of an except block
- log the error and pass it on, is the name needed
- does raise e lose the original traceback
- rethrow, throw again what I have just caught
- why do people write plain raise and not raise exc
- log.error(e); raise e

## References
- The Python Language Reference, 7.8 The raise statement
- The Python Tutorial, 8.4 Raising Exceptions
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import contains, walk_block
from chatbt.analysis.names import is_dynamic
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.clauses import name_of
from chatbt.rewriting.fix import Edit, Fix, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, pythonic

_TRY = (ast.Try, ast.TryStar)
_TRACEBACK = frozenset({"with_traceback", "__traceback__"})


@pythonic("PY041", since="0.1", ruff=("TRY201",), yields_to=("PY044",))
def bare_reraise(statement: ast.Raise, scope: Scope) -> Findings:
    if statement.cause is not None or not isinstance(statement.exc, ast.Name):
        return
    name = statement.exc.id
    handler = _handler(statement)
    if handler is None or handler.name != name or not _is_the_same(name, handler, scope):
        return
    yield Finding(
        statement, f"`raise {name}` adds this line to the traceback of an error that only goes on", about=handler
    )


def _handler(statement: ast.Raise) -> ast.ExceptHandler | None:
    """The handler whose exception is being handled where `statement` stands; None if another may be."""
    around = parent(statement)
    while not isinstance(around, (ast.ExceptHandler, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, *_TRY)):
        if parent(around) is around:
            return None
        around = parent(around)
    is_plain = isinstance(around, ast.ExceptHandler) and isinstance(parent(around), ast.Try)
    return around if is_plain and isinstance(around, ast.ExceptHandler) else None


def _is_the_same(name: str, handler: ast.ExceptHandler, scope: Scope) -> bool:
    """Whether `name` is what the handler caught, just as it was, all through it."""
    owner = scope.find(name)
    if owner is not scope or owner.captures(name) or owner.elsewhere(name) or is_dynamic(scope):
        return False
    if any(one is not handler and contains(handler, one) for one in owner.bindings.get(name, ())):
        return False
    return not any(isinstance(one, ast.Attribute) and one.attr in _TRACEBACK for one in walk_block(handler.body))


@bare_reraise.fix
def raise_alone(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix:
    statement, handler = finding.node, finding.about
    assert isinstance(statement, ast.Raise) and statement.exc is not None
    place = rewrite.place(statement)
    edits = [Edit(place, "raise")]
    if _is_unused_otherwise(statement.exc, handler, scope) and (binding := name_of(handler, rewrite)) is not None:
        edits.insert(0, Edit(binding, ""))
    return safe("Use a bare `raise`", *edits)


def _is_unused_otherwise(load: ast.expr, handler: ast.ExceptHandler, scope: Scope) -> bool:
    """Whether nothing but `load` needs the name: no other read in the handler, none where it would be unbound."""
    name = handler.name or ""
    if scope.used_elsewhere(name) or scope.kind == "class":
        return False
    others = [one for one in scope.bindings.get(name, ()) if one is not handler]
    if not all(isinstance(one, ast.ExceptHandler) and not contains(one, handler) for one in others):
        return False
    return all(one is load or any(contains(other, one) for other in others) for one in scope.all_loads(name))
