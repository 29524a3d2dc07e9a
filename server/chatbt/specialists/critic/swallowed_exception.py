"""Swallowed exception

## What it does
Reports a handler that catches every exception and does nothing: `except:`, `except Exception:` or
`except BaseException:` with only `pass`, `...` or `continue`.

## Why
Whatever goes wrong in the `try`, a misspelled name as well as the error that was expected, disappears. The program goes
on with half of the work done, and nobody can see why. A comment in the handler or right above the `try` that says why
this is right silences the rule. So does an `except Exception` after which something else is done than after success:
the `try` returns a value, has an `else`, or was to bind a variable that keeps the value it had.

## Example
    import logging

    logger = logging.getLogger(__name__)

    try:
        sync(user)
    except Exception:
        pass

Better:
    import logging

    logger = logging.getLogger(__name__)

    try:
        sync(user)
    except Exception:
        logger.exception("sync failed")

## When the fix is safe
Never without a look: it writes to the log where nothing was written. It is offered only where the module has a logger
of its own.

## Asked as
- except: pass hides all errors
- ignoring every exception silently, errors disappear without any message
- try except pass or except Exception: continue, no output and nothing in the log
- program fails silently, items are skipped and nobody knows why
- S110 try-except-pass, S112 try-except-continue, W0703 broad-except
- is an empty except block bad practice, what should be done with an exception that I do not want to handle
- silent failure, error is suppressed and data is incomplete
- errors are eaten, nothing printed, hard to debug, empty handler
- except Exception: pass all over the place, code analysis complains about it
- script ends without doing its job and without a traceback
- some records are not processed, the loop just carries on with the next one after a failure
- what to write instead of pass when a failure does not matter
- rows, records or mails go missing because errors are skipped with continue or pass
- no idea what fails, everything is swallowed, how do I at least log it

## References
- The Python Tutorial, 8.3 Handling Exceptions
- The Python Standard Library, logging.Logger.exception
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import ancestors, before, walk_block
from chatbt.analysis.functions import Function, has_decorator
from chatbt.analysis.handlers import header_of, is_broad, is_empty, is_explained
from chatbt.analysis.loggers import module_logger
from chatbt.analysis.names import callee, scope_of
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, critic


@critic("CC004", group="practice", since="0.1", ruff=("S110", "S112"))
def swallowed_exception(handler: ast.ExceptHandler, scope: Scope) -> Findings:
    if not is_empty(handler.body) or not is_broad(handler, scope):
        return
    if is_explained(handler, scope) or _has_other_way(handler, scope):
        return
    if any(_is_farewell(around) for around in ancestors(handler)):
        return
    what = _what_failed(handler)
    where = f"in `{what}`" if what else "in this `try`"
    yield Finding(handler, f"any error {where} disappears here without a trace", stretch=header_of(handler))


def _has_other_way(handler: ast.ExceptHandler, scope: Scope) -> bool:
    """Whether the code behind an `except Exception` is the answer to the failure: success goes another way."""
    attempt = parent(handler)
    if handler.type is None or not isinstance(attempt, ast.Try | ast.TryStar):
        return False
    if any(isinstance(node, ast.Return) and node.value is not None for node in walk_block(attempt.body)):
        return True
    match attempt.body[-1]:
        case ast.Break():
            return True
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()) if len(attempt.body) == 1:
            return True  # what fails is the caller's code, or another task's
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return bool(attempt.orelse) or any(before(one, attempt) for one in scope.bindings_of(name))
    return bool(attempt.orelse)


def _is_farewell(around: ast.AST) -> bool:
    """Whether `around` is a function that runs when an object or the program ends: nobody is left to tell."""
    if not isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    outside = scope_of(around)
    if around.name == "__del__" or has_decorator(around, outside, "atexit.register"):
        return True
    return any(
        callee(parent(load), scope_of(load)) == "atexit.register"
        for load in outside.find(around.name).all_loads(around.name)
    )


def _what_failed(handler: ast.ExceptHandler) -> str:
    """The name of what the `try` calls, if that is all it does; "" if it does more or the name is not to be had."""
    body: list[ast.stmt] = getattr(parent(handler), "body", [])
    calls = (node for node in walk_block(body) if isinstance(node, ast.Call) and len(body) == 1)
    return next((name.removeprefix("self.") for call in calls if (name := dotted(call.func))), "")


@swallowed_exception.fix
def log_it(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    handler = finding.node
    logger = module_logger(scope)
    if logger is None or not isinstance(handler, ast.ExceptHandler) or len(handler.body) != 1:
        return None
    (nothing,) = handler.body
    what = _what_failed(handler) or _function_name(handler)
    call = f'{logger}.exception("{what} failed")' if what else f'{logger}.exception("ignored")'
    title = f"Log the exception with `{logger}`"
    if not isinstance(nothing, ast.Continue):
        return review(title, rewrite.replace(nothing, call))
    return review(title, rewrite.lines_before(nothing, call)) if rewrite.stands_alone(nothing) else None


def _function_name(node: ast.AST) -> str:
    return next((one.name for one in ancestors(node) if isinstance(one, Function)), "")
