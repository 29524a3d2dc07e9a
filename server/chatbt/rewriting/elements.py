"""Taking an element out of a display or an argument list, with its comma, and its lines where it has them to itself."""

import re
from collections.abc import Sequence

from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite, advanced
from chatbt.source.document import Position, Range

_GAP = re.compile(r"(?:\s|\\\r?\n|#[^\r\n]*)*")


def without(index: int, elements: Sequence[Range], closing: Position, rewrite: Rewrite) -> Edit | None:
    """The edit that removes one of at least two elements; None if its commas cannot be told.

    `elements` are their places, parentheses around them not counted; `closing` is where the closing bracket starts.
    """
    element = elements[index]
    before = elements[index - 1] if index else None
    behind = elements[index + 1] if index + 1 < len(elements) else None
    comma_before = rewrite.token(before.end, element.start, ",") if before else None
    comma = rewrite.token(element.end, behind.start if behind else closing, ",")
    if (before and comma_before is None) or (behind and comma is None):
        return None
    start = _behind_gap(comma_before.end, element.start, rewrite) if comma_before else element.start
    end = comma.end if comma else _closed(element.end, closing, rewrite)
    if _is_blank(rewrite.slice(Range(Position(start.line, 0), start))) and _is_blank(_rest(end, rewrite)):
        return Edit(Range(Position(start.line, 0), Position(end.line + 1, 0)), "")
    if comma and behind and behind.start.line == end.line:
        return Edit(Range(start, _behind_gap(comma.end, behind.start, rewrite)), "")
    if comma_before is None:
        return Edit(Range(start, end), "")
    return Edit(Range(comma_before.end if comma else comma_before.start, end), "")


def _behind_gap(start: Position, end: Position, rewrite: Rewrite) -> Position:
    """The first place from `start` on that is neither white space nor in a comment."""
    text = rewrite.slice(Range(start, end))
    gap = _GAP.match(text)
    return advanced(start, gap.group()) if gap else start


def _closed(end: Position, closing: Position, rewrite: Rewrite) -> Position:
    """The end of an element that no comma follows, parentheses around it counted."""
    bracket: Range | None = Range(end, end)
    while bracket is not None:
        end = bracket.end
        bracket = rewrite.token(end, closing, r"\)")
    return end


def _rest(place: Position, rewrite: Rewrite) -> str:
    """What stands on the line of `place` behind it."""
    return rewrite.line(place.line).encode("utf-8", "surrogatepass")[place.column :].decode("utf-8", "surrogatepass")


def _is_blank(text: str) -> bool:
    return not text.strip() or text.lstrip().startswith("#")
