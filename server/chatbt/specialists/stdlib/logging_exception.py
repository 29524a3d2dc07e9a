"""logger.exception in an except clause

## What it does
Offers `logger.exception(...)` for `logger.error(..., exc_info=True)` in an `except` clause. Also where a clause that
catches every exception and raises nothing writes only the exception's text with `logger.error`.

## Why
`exception` is made for this place: it logs at the same level and adds the traceback. Of an error that nobody expected
the text alone, which may be empty or as short as `'id'`, says neither what failed nor where.

## Example
    import logging

    logger = logging.getLogger(__name__)

    try:
        sync()
    except OSError:
        logger.error("sync failed", exc_info=True)

Better:
    import logging

    logger = logging.getLogger(__name__)

    try:
        sync()
    except OSError:
        logger.exception("sync failed")

## When the fix is safe
When `exc_info` is true, or `sys.exc_info()`, and the logger is proven to be one of `logging`: the record is the same.
Where there was no traceback the log grows.

## References
- The Python Standard Library, logging.Logger.exception
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import ancestors, walk_block
from chatbt.analysis.handlers import is_broad, raises_somewhere
from chatbt.analysis.loggers import is_logger, looks_like_logger
from chatbt.analysis.names import callee
from chatbt.analysis.outer import dotted
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.arguments import removed_keyword
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, stdlib

_BOUNDARIES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.GeneratorExp)


@stdlib(
    "SL023",
    module="logging",
    since="0.1",
    ruff=("TRY400", "G201"),
    methods=("error",),
    names={
        "logging.exception": (
            "Logs an error with the traceback of the exception that is being handled, which the message need not"
            " repeat. Outside of an `except` block there is none, and the log shows `NoneType: None`."
        ),
    },
)
def logging_exception(call: ast.Call, scope: Scope) -> Findings:
    assert isinstance(call.func, ast.Attribute)
    handler = _handler(call)
    if handler is None or any(one.arg is None for one in call.keywords):
        return
    logger = call.func.value
    if not (is_logger(logger, scope) or looks_like_logger(logger, scope)):
        return
    given = _exc_info(call)
    if given is None:
        if _says_only_text(call, handler, scope):
            yield Finding(call, f"only the text of `{handler.name}` is logged: not where it was raised")
    elif _is_current(given.value, handler, scope):
        yield Finding(call, f"`{dotted(call) or call.func.attr}` with `exc_info` is what `exception` does", about=given)


def _handler(call: ast.Call) -> ast.ExceptHandler | None:
    """The `except` clause that runs the call."""
    for around in ancestors(call):
        if isinstance(around, ast.ExceptHandler):
            return around
        if isinstance(around, _BOUNDARIES):
            return None
    return None


def _exc_info(call: ast.Call) -> ast.keyword | None:
    return next((one for one in call.keywords if one.arg == "exc_info"), None)


def _is_current(value: ast.expr, handler: ast.ExceptHandler, scope: Scope) -> bool:
    """Whether `exc_info` is the exception that is being handled: true, the clause's name, `sys.exc_info()`."""
    match value:
        case ast.Constant(value=given):
            return given in (True, 1)
        case ast.Name(id=name):
            return name == handler.name
    return callee(value, scope) == "sys.exc_info"


def _says_only_text(call: ast.Call, handler: ast.ExceptHandler, scope: Scope) -> bool:
    """Whether the message holds the exception, and the clause neither raises nor asks for a traceback or a type."""
    name = handler.name
    if name is None or not is_broad(handler, scope) or raises_somewhere(handler):
        return False
    if not any(isinstance(node, ast.Name) and node.id == name for one in call.args for node in ast.walk(one)):
        return False
    return not any(
        isinstance(node, ast.Call) and (dotted(node).startswith("traceback.") or "exc" in dotted(node))
        for node in walk_block(handler.body)
    )


@logging_exception.fix
def use_exception(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call, given = finding.node, finding.about
    assert isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
    end = rewrite.place(call.func).end
    edits = [Edit(Range(Position(end.line, end.column - len("error")), end), "exception")]
    if given is not None:
        removed = removed_keyword(call, given, rewrite)
        if removed is None:
            return None
        edits.append(removed)
        if isinstance(given.value, ast.Call):
            rewrite.drop(given.value.func)
    same = given is not None and not isinstance(given.value, ast.Name)
    plain = not any(one.arg == "stacklevel" for one in call.keywords)
    make = safe if same and plain and is_logger(call.func.value, scope) else review
    return make("Use `exception`", *edits)
