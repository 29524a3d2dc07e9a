"""Unreachable except handler

## What it does
Reports an `except` clause whose classes are all caught by clauses above it: the same class, a base class, or another
name of it (`IOError` is `OSError`).

## Why
Python takes the first clause that fits. What stands in the later one never runs, and nothing says so: the special
treatment that somebody wrote for this exception is silently replaced by the general one.

## Example
    def parse(text):
        try:
            return int(text)
        except Exception:
            return None
        except ValueError:
            return 0

Better:
    def parse(text):
        try:
            return int(text)
        except ValueError:
            return 0
        except Exception:
            return None

## When the fix is safe
Never without a look: a handler that never ran will run from now on.

## Asked as
- second except clause is never reached
- except Exception before except ValueError, order of except clauses
- base class caught before its subclass, specific exception after the general one
- handler is dead code, wrong except block runs
- E0701 bad-except-order, B025, duplicate exception in except
- my KeyError handler is ignored because LookupError or Exception comes first
- IOError and OSError are the same class
- except Exception stands on top, the handlers below it never run
- wrong message is printed, the more general except wins
- does the order of except blocks matter
- except (OSError) first and FileNotFoundError or PermissionError after it
- same exception caught twice in one try
- specific error message is never shown although exactly that error occurs
- more general exception is listed first

## References
- The Python Language Reference, 8.4.1 except clause
- The Python Standard Library, Built-in Exceptions: Exception hierarchy
"""

import ast

from chatbt.analysis.exceptions import caught_by, is_subclass
from chatbt.analysis.finding import Finding, Related
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.clauses import moved_above
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, critic

_Earlier = list[tuple[str, ast.ExceptHandler]]  # classes, and the handlers that catch them


@critic("CC018", group="bug", since="0.1", ruff=("B025",))
def unreachable_except_handler(statement: ast.Try, scope: Scope) -> Findings:
    if len(statement.handlers) < 2:
        return
    earlier: _Earlier = []
    for handler in statement.handlers:
        classes = caught_by(handler, scope)
        catching = [_catcher(name, earlier, scope) for name in classes]
        first = min((one for one in catching if one), key=statement.handlers.index, default=None)
        if first is not None and all(catching):
            yield Finding(
                handler.type or handler,
                f"`{_head(handler)}` never runs: `{_head(first)}` above it comes first",
                related=(Related(first.type or first, "caught here"),),
                stretch=None if handler.type else _keyword(handler),
                about=(handler, first),
            )
        earlier += [(name, handler) for name in classes if name]


def _catcher(name: str | None, earlier: _Earlier, scope: Scope) -> ast.ExceptHandler | None:
    """The first handler of `earlier` that catches the class `name`."""
    return next((handler for base, handler in earlier if name and is_subclass(name, base, scope)), None)


def _head(handler: ast.ExceptHandler) -> str:
    return f"except {ast.unparse(handler.type)}" if handler.type else "except"


def _keyword(handler: ast.ExceptHandler) -> Range:
    return Range.of(handler.lineno, handler.col_offset, handler.lineno, handler.col_offset + len("except"))


@unreachable_except_handler.fix
def move_it_up(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    handler, first = finding.about
    statement = parent(handler)
    assert isinstance(statement, ast.Try)
    index, before = statement.handlers.index(handler), statement.handlers.index(first)
    mine = [(name, handler) for name in caught_by(handler, scope) if name]
    for passed in statement.handlers[before:index]:
        if all(_catcher(name, mine, scope) for name in caught_by(passed, scope)):
            return None  # the two would only swap roles
    edits = moved_above(statement.handlers, index, before, rewrite)
    return review(f"Move `{_head(handler)}` above `{_head(first)}`", *edits)
