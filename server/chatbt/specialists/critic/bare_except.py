"""Bare except

## What it does
Reports `except:` and `except BaseException:` that let no exception through. A handler that does nothing at all is
reported by CC004 instead. A comment that says why BaseException must be caught silences the rule.

## Why
Not only errors are exceptions: Ctrl+C, `sys.exit()`, a generator that is closed and a task that is cancelled are too.
Caught here, they do not happen: the program cannot be stopped, the task goes on.

## Example
    def main():
        try:
            run()
        except:
            print("failed")

Better:
    def main():
        try:
            run()
        except Exception:
            print("failed")

## When the fix is safe
Never without a look: what is not an Exception is no longer caught.

## Asked as
- except without an exception type, except: catches everything
- KeyboardInterrupt and SystemExit are caught too, Ctrl+C cannot stop the program
- sys.exit() does not exit within try, the except clause catches it
- E722 do not use bare 'except', W0702 bare-except
- difference between except: and except Exception:
- except BaseException catches too much, even typos and NameError
- program cannot be interrupted or killed
- except with a colon right after it, no exception class named, what does that catch
- typo in a variable name is hidden by my except:, always prints the same error text
- cannot stop my script with Ctrl-C, the loop keeps on retrying
- should I always name the exception type, blanket catch-all
- asyncio.CancelledError or GeneratorExit is caught by accident
- except without anything behind it also catches sys.exit and the interrupt from the keyboard
- bot prints "something went wrong" and keeps running when I press ctrl+c

## References
- The Python Standard Library, Built-in Exceptions: exception hierarchy
- PEP 8, Programming Recommendations
"""

import ast

from chatbt.analysis.exceptions import caught_by
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import walk_block
from chatbt.analysis.handlers import header_of, is_empty, is_explained, raises_somewhere
from chatbt.analysis.names import callee, is_builtin, qualified
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, critic

_THE_END = frozenset("exit _exit abort quit fail".split())
_TAKEN_BEFORE = frozenset(
    f"builtins.{name}" for name in "BaseException Exception KeyboardInterrupt SystemExit GeneratorExit".split()
) | {"asyncio.CancelledError", "asyncio.exceptions.CancelledError"}
_TAKES_CURRENT = frozenset({"sys.exc_info", "twisted.python.failure.Failure"})
_LOOKS_ONLY = frozenset("builtins.print builtins.str builtins.repr builtins.type builtins.format".split())
_LOG_METHODS = frozenset("debug info warning warn error exception critical log format write".split())


@critic("CC005", group="practice", since="0.1", ruff=("E722",))
def bare_except(handler: ast.ExceptHandler, scope: Scope) -> Findings:
    if handler.type is not None and qualified(handler.type, scope) != "builtins.BaseException":
        return
    if is_empty(handler.body) or _is_raised_here(handler) or _ends_or_raises(handler) or _is_sorted_out(handler, scope):
        return
    if _is_handed_on(handler, scope) or (handler.type is not None and is_explained(handler, scope)):
        return
    what = "Ctrl+C, `sys.exit()` and the cancelling of this task" if scope.is_async else "Ctrl+C and `sys.exit()`"
    yield Finding(handler, f"this also catches {what}", stretch=header_of(handler))


def _is_raised_here(handler: ast.ExceptHandler) -> bool:
    """Whether all that the `try` does is to raise, so that it is known what comes."""
    body: list[ast.stmt] = getattr(parent(handler), "body", [])
    return len(body) == 1 and isinstance(body[0], ast.Raise)


def _ends_or_raises(handler: ast.ExceptHandler) -> bool:
    """Whether the handler raises on some path, or ends the program or the test."""
    return raises_somewhere(handler) or any(
        dotted(node).rpartition(".")[2] in _THE_END for node in walk_block(handler.body) if isinstance(node, ast.Call)
    )


def _is_sorted_out(handler: ast.ExceptHandler, scope: Scope) -> bool:
    """Whether a handler before this one takes the errors, or lets through what is none: the rest is meant."""
    handlers: list[ast.ExceptHandler] = getattr(parent(handler), "handlers", [])
    before = handlers[: handlers.index(handler)]
    return any(
        not _TAKEN_BEFORE.isdisjoint(caught_by(one, scope)) or isinstance(one.body[0], ast.Raise) for one in before
    )


def _is_handed_on(handler: ast.ExceptHandler, scope: Scope) -> bool:
    """Whether the exception itself is kept or given to someone who may raise it again."""
    for node in walk_block(handler.body):
        if isinstance(node, ast.Call) and (callee(node, scope) in _TAKES_CURRENT or _is_errback(node)):
            return True
        if isinstance(node, ast.Name) and node.id == handler.name and _is_kept(node, scope):
            return True
    return False


def _is_errback(call: ast.Call) -> bool:
    """Whether a Deferred gets the exception that is being handled."""
    return isinstance(call.func, ast.Attribute) and call.func.attr == "errback" and not call.args


def _is_kept(name: ast.Name, scope: Scope) -> bool:
    around = parent(name)
    if isinstance(around, ast.keyword):
        around = parent(around)
    match around:
        case ast.Call(func=ast.Attribute(attr=method)) if method in _LOG_METHODS:
            return False
        case ast.Call():
            return callee(around, scope) not in _LOOKS_ONLY
    return isinstance(
        around, ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.Return | ast.Yield | ast.Tuple | ast.List | ast.Dict
    )


@bare_except.fix
def catch_exception(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    handler = finding.node
    if not isinstance(handler, ast.ExceptHandler) or not is_builtin("Exception", scope):
        return None
    if handler.type is not None:
        edit = rewrite.replace(handler.type, "Exception")
    else:
        end = header_of(handler).end
        edit = Edit(Range(end, end), " Exception")
    return review("Catch `Exception` only", edit)
