"""Edits of a call's arguments."""

import ast

from chatbt.analysis.places import comments_within
from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range


def added_argument(call: ast.Call, text: str, rewrite: Rewrite) -> Edit | None:
    """The edit that adds `text` behind the last argument; None for a bare generator, which would need brackets."""
    closing = _closing(call, rewrite)
    arguments = _arguments(call, rewrite)
    if not arguments:
        return Edit(Range(closing, closing), text)
    if arguments[-1].end > closing:
        return None
    end = behind_brackets(arguments[-1].end, closing, rewrite)
    return Edit(Range(end, end), f", {text}")


def removed_keyword(call: ast.Call, keyword: ast.keyword, rewrite: Rewrite) -> Edit | None:
    """The edit that takes a keyword argument and a comma out; None if a comment would go with it."""
    mine = rewrite.place(keyword)
    closing = _closing(call, rewrite)
    before = [one for one in _arguments(call, rewrite) if one.end < mine.start]
    if before:
        stretch = Range(behind_brackets(before[-1].end, mine.start, rewrite), mine.end)
    else:
        comma = rewrite.token(mine.end, closing, r",[ \t]*")
        stretch = Range(mine.start, comma.end if comma else mine.end)
    return None if comments_within(stretch, rewrite.walked) else Edit(stretch, "")


def named(call: ast.Call, index: int, name: str, rewrite: Rewrite) -> Edit:
    """The edit that passes the positional argument at `index`, in brackets or not, by keyword."""
    start = rewrite.place(call.args[index]).start
    before = rewrite.place(call.args[index - 1] if index else call.func).end
    separator = rewrite.token(before, start, "," if index else r"\(")
    bracket = rewrite.token(separator.end, start, r"\(") if separator else None
    at = bracket.start if bracket else start
    return Edit(Range(at, at), f"{name}=")


def _closing(call: ast.Call, rewrite: Rewrite) -> Position:
    """The place of the call's closing bracket."""
    end = rewrite.place(call).end
    return Position(end.line, end.column - 1)


def _arguments(call: ast.Call, rewrite: Rewrite) -> list[Range]:
    return sorted(rewrite.place(node) for node in (*call.args, *call.keywords))


def behind_brackets(end: Position, stop: Position, rewrite: Rewrite) -> Position:
    """The place behind the brackets that an argument which ends at `end` may stand in."""
    brackets = rewrite.token(end, stop, r"(?s).*\)")
    return brackets.end if brackets else end
