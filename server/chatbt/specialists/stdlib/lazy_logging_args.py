"""Values as arguments of a logging call

## What it does
Offers `logger.info("loaded %s rows", count)` where the message is put together with an f-string, `%`, `format` or `+`
before `logging` gets it.

## Why
`logging` puts the values in itself, and only if the record is written: a message below the level costs nothing but the
call. The template stays the same for every record, so tools can count and group them, and a value that cannot be shown
does not end the program.

## Example
    import logging

    logger = logging.getLogger(__name__)

    def load(rows):
        logger.info(f"loaded {len(rows)} rows")

Better:
    import logging

    logger = logging.getLogger(__name__)

    def load(rows):
        logger.info("loaded %s rows", len(rows))

## When the fix is safe
When the logger is proven to be one of `logging`, and every value to be exactly a string, number, truth value or None:
`%s` shows these like the f-string does, now or later. Others may change until the record is written, or have a
`__format__` of their own.

## References
- Logging HOWTO, Optimization
- The Python Standard Library, logging.Logger.debug
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.loggers import LEVELS, is_logger, looks_like_logger
from chatbt.analysis.outer import dotted
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.lazy import as_arguments, lazy
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, stdlib

_BUILT = (ast.JoinedStr, ast.BinOp, ast.Call)


@stdlib(
    "SL022",
    module="logging",
    since="0.1",
    ruff=("G001", "G002", "G003", "G004"),
    methods=(*LEVELS, "log"),
    yields_to=("SL023",),
    names=dict.fromkeys(
        ("logging.debug", "logging.info", "logging.warning", "logging.error"),
        "Logs through the root logger, which the first such call sets up if nobody did. Values belong behind the"
        ' message, `"%s is missing", name`: an f-string is put together even where the level is off. A module does'
        " better with a logger of its own, `getLogger(__name__)`.",
    ),
)
def lazy_logging_args(call: ast.Call, scope: Scope) -> Findings:
    assert isinstance(call.func, ast.Attribute)
    place = 1 if call.func.attr == "log" else 0
    if len(call.args) != place + 1 or not isinstance(call.args[place], _BUILT) or isinstance(call.args[0], ast.Starred):
        return
    logger = call.func.value
    certain = is_logger(logger, scope)
    if not (certain or looks_like_logger(logger, scope)):
        return
    message = call.args[place]
    made = lazy(message, scope)
    if made is None:
        return
    what = f"`{dotted(call) or call.func.attr}` gets a finished message: it is put together even if nobody will see it"
    yield Finding(message, what, about=(call, made, certain))


@lazy_logging_args.fix
def pass_the_values(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    message, (call, made, certain) = finding.node, finding.about
    assert isinstance(message, ast.expr)
    if _is_in_brackets(message, call, rewrite):
        return None
    arguments = as_arguments(message, made, rewrite)
    if arguments is None:
        return None
    make = safe if certain and all(slot.same for slot in made.slots) else review
    return make("Pass the values as arguments", rewrite.replace(message, arguments))


def _is_in_brackets(message: ast.expr, call: ast.Call, rewrite: Rewrite) -> bool:
    """Whether the message has brackets of its own, in which the arguments would be a tuple."""
    end = rewrite.place(call).end
    behind = Range(rewrite.place(message).end, Position(end.line, end.column - 1))
    following = [rewrite.place(one).start for one in call.keywords]
    stop = min(following, default=behind.end)
    return rewrite.token(behind.start, stop, r"\)") is not None
