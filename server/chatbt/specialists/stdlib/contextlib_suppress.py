"""contextlib.suppress

## What it does
Suggests `with suppress(E):` for a `try` of one statement, outside loops, whose only handler passes over certain
exceptions.

## Why
Four lines, two of which say that nothing is to happen, become two that say it at the start: the reader knows before the
statement that it may fail. A `try` costs less time, so in a loop it stays.

## Example
    import os

    def forget(path):
        try:
            os.remove(path)
        except FileNotFoundError:
            pass

Better:
    import os
    from contextlib import suppress

    def forget(path):
        with suppress(FileNotFoundError):
            os.remove(path)

## When the fix is safe
When the exceptions are builtin ones, which can be named at any time: their names are looked up even when nothing is
raised. KeyboardInterrupt, MemoryError and the like, which may be raised anywhere, are left to you. There is no fix
where a comment stands right above the `except`. Since Python 3.12 `suppress` also takes the exceptions out of an
exception group.

## Asked as
- try: ... except FileNotFoundError: pass in one line
- contextlib.suppress, ignore a specific exception
- SIM105 use contextlib.suppress instead of try-except-pass
- ignore an error on purpose, a certain one
- delete a file if it exists, ignore if not
- with suppress(KeyError), shorter than try except pass
- try, except KeyError, pass: four lines for nothing
- ignore one particular exception without a block
- do something and do not care if it fails with this error, remove the file if it is there
- with-statement that swallows an error
- try: cache.pop(k) except KeyError: pass in fewer lines
- remove a key, a file or an item and ignore that it is not there

## References
- The Python Standard Library, contextlib.suppress
"""

import ast

from chatbt.analysis.exceptions import exception_class
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import enclosing_function, walk_block
from chatbt.analysis.handlers import is_broad
from chatbt.analysis.loops import repeaters
from chatbt.analysis.outer import dotted
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, stdlib

_SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete)
# These may be raised in `suppress` itself.
_ANYWHERE = frozenset(
    f"builtins.{name}" for name in "KeyboardInterrupt SystemExit GeneratorExit RecursionError MemoryError".split()
)
_SUSPENDING = (ast.Await, ast.Yield, ast.YieldFrom)


@stdlib(
    "SL012",
    module="contextlib",
    since="0.1",
    ruff=("SIM105",),
    names={
        "contextlib.suppress": (
            "Ends its block at the exceptions that it is given, and goes on behind the block. What stands in the"
            " block behind the failing line is left out as well, so it should hold one statement, and name the"
            " narrowest exception that will do."
        ),
    },
)
def contextlib_suppress(attempt: ast.Try, scope: Scope) -> Findings:
    if len(attempt.handlers) != 1 or attempt.orelse or attempt.finalbody or len(attempt.body) != 1:
        return
    (handler,), (statement,) = attempt.handlers, attempt.body
    if handler.name or handler.type is None or len(handler.body) != 1 or not isinstance(handler.body[0], ast.Pass):
        return
    if not isinstance(statement, _SIMPLE) or is_broad(handler, scope) or repeaters(attempt):
        return
    if any(isinstance(node, _SUSPENDING) for node in walk_block(attempt.body)) or _is_finaliser(attempt):
        return
    listed = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    classes = [exception_class(one, scope) for one in listed]
    if not classes or None in classes or _is_explained(handler, scope):
        return
    are_plain = all(one is not None and one.startswith("builtins.") and one not in _ANYWHERE for one in classes)
    names = " and ".join(f"`{dotted(one)}`" for one in listed)
    yield Finding(attempt, f"this `try` is there to pass over {names}", about=are_plain)


def _is_finaliser(attempt: ast.Try) -> bool:
    """Whether the code runs when the module's names may be gone already."""
    return getattr(enclosing_function(attempt), "name", "") == "__del__"


def _is_explained(handler: ast.ExceptHandler, scope: Scope) -> bool:
    """Whether a comment stands in the handler, or below it at its body's depth."""
    last = handler.body[-1].end_lineno or handler.lineno
    place = Range(Position(handler.lineno, 0), Position(last + 2, 0))
    found = comments_within(place, scope.chunk) if scope.chunk is not None else []
    return any(one.start.line <= last or (one.own_line and one.start.column > handler.col_offset) for one in found)


@contextlib_suppress.fix
def suppress_it(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    attempt = finding.node
    assert isinstance(attempt, ast.Try)
    (handler,), (statement,) = attempt.handlers, attempt.body
    whole, inner = rewrite.place(attempt), rewrite.place(statement)
    colon = rewrite.token(whole.start, inner.start, r"try\s*:")
    last = _last_line(handler.lineno, inner.end.line, rewrite)
    if colon is None or handler.type is None:
        return None
    name = rewrite.reached(scope, "contextlib", "suppress")
    if name is None:
        return None
    listed = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    head = f"with {name}({', '.join(rewrite.text(one) for one in listed)}):"
    end = Position(last, len(rewrite.line(last).encode("utf-8", "surrogatepass")))
    if not rewrite.line(last).startswith(rewrite.line(inner.start.line)[: inner.start.column]):
        return None  # a comment above the handler would speak of what is behind the `with`
    make = safe if finding.about else review
    return make(f"Use `{name}`", Edit(colon, head), Edit(Range(end, whole.end), ""))


def _last_line(handler: int, statement: int, rewrite: Rewrite) -> int:
    """The last line with anything on it between the line of the statement's end and that of the handler."""
    return next(number for number in range(handler - 1, statement - 1, -1) if rewrite.line(number).strip())
