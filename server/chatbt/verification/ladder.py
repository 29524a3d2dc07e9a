"""The ladder that every edit climbs before it reaches a text. It can only refuse, and says on which rung.

An edit is tried on a copy of what is known of its file; the ladder compares the chunks that it replaced with those that
came in their place. All other chunks are the same by construction.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chatbt.analysis.places import comments_in
from chatbt.source.document import Range
from chatbt.specialists.run import Report


class Rung(StrEnum):
    """The rungs in order, by what an edit that has passed one has shown."""

    PARSES = "the result parses"
    ONLY_THE_TARGET = "only the target statement changed"
    COMMENTS_KEPT = "comments are kept"
    NO_LONGER_FIRES = "the pattern no longer fires"
    NOTHING_NEW = "no new finding"
    NOTHING_LEFT = "running it again changes nothing"
    SAME_FACE = "public names and signatures are the same"
    ONLY_STANDARD = "nothing new is imported but the standard library"


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk as the ladder sees it; places count lines from its first, which is line 1."""

    text: str
    body: Sequence[ast.stmt]
    first: int
    faulty: bool
    reports: Sequence[Report]
    touched: Sequence[Range]


@dataclass(frozen=True, slots=True)
class Fall:
    """The rung an edit fell from, and why."""

    rung: Rung
    reason: str

    def __str__(self) -> str:
        return f"{self.rung}: {self.reason}"


def climb(before: Sequence[Piece], after: Sequence[Piece], pattern: str) -> Fall | None:
    """Take an edit up the ladder: None at the top, else its fall.

    `before` and `after` are the pieces that it replaced and made; it mends a finding of `pattern`.
    """
    if sum(piece.faulty for piece in after) > sum(piece.faulty for piece in before):
        return Fall(Rung.PARSES, "the edited code has a syntax error")
    if not same_elsewhere(before, after):
        return Fall(Rung.ONLY_THE_TARGET, "a statement that it should leave alone would change")
    if lost := comments(before) - comments(after):
        return Fall(Rung.COMMENTS_KEPT, f"the comment `{next(iter(lost))}` would be lost")
    old, new = found(before), found(after)
    if new[pattern] >= old[pattern]:
        if _found_there(after, pattern) < _found_there(before, pattern):
            return Fall(Rung.NOTHING_NEW, f"{pattern} would be reported newly at another place")
        return Fall(Rung.NO_LONGER_FIRES, f"{pattern} would still be reported")
    if fresh := new - old:
        return Fall(Rung.NOTHING_NEW, f"{', '.join(sorted(fresh))} would be reported newly")
    if _found_there(after, pattern) >= max(_found_there(before, pattern), 1):
        return Fall(Rung.NOTHING_LEFT, f"{pattern} would offer another edit of the same code")
    return None


def same_elsewhere(before: Sequence[Piece], after: Sequence[Piece]) -> bool:
    """Whether the statements that the edits do not touch are all there still, in order."""
    kept = [node for piece in before for node in _untouched(piece)]
    rest = (node for piece in after for top in piece.body for node in _statements(top))
    return all(any(_alike(one, other) for other in rest) for one in kept)


def _alike(one: ast.AST, other: ast.AST) -> bool:
    """Whether two trees are the same but for their places; nearly all that are not differ in their first nodes."""
    stack: list[tuple[Any, Any]] = [(one, other)]
    while stack:
        left, right = stack.pop()
        if left is right:
            continue
        kind = left.__class__
        if kind is not right.__class__:
            return False
        if kind is list:
            if len(left) != len(right):
                return False
            stack += zip(left, right, strict=True)
        elif isinstance(left, ast.AST):
            stack += [(getattr(left, name, None), getattr(right, name, None)) for name in reversed(left._fields)]
        elif left != right or (kind is not str and repr(left) != repr(right)):  # 0.0 is no -0.0
            return False
    return True


def _untouched(piece: Piece) -> Iterator[ast.stmt]:
    """The largest statements of a piece that no edit touches."""
    stack = list(reversed(piece.body))
    while stack:
        node = stack.pop()
        shift = 1 - piece.first
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))]) + shift
        last = (node.end_lineno or node.lineno) + shift
        if not any(first <= one.end.line and one.start.line <= last for one in piece.touched):
            yield node
        else:
            stack.extend(reversed([one for one in ast.iter_child_nodes(node) if isinstance(one, ast.stmt)]))


def _statements(node: ast.stmt) -> Iterator[ast.stmt]:
    stack: list[ast.AST] = [node]
    while stack:
        node_ = stack.pop()
        if isinstance(node_, ast.stmt):
            yield node_
        if isinstance(node_, ast.stmt | ast.ExceptHandler | ast.match_case):
            stack.extend(reversed(list(ast.iter_child_nodes(node_))))


def comments(pieces: Sequence[Piece]) -> Counter[str]:
    """The comments of pieces."""
    return Counter(comment for piece in pieces for _, _, comment, _ in comments_in(piece.text))


def found(pieces: Sequence[Piece]) -> Counter[str]:
    """How often each pattern is found in pieces."""
    return Counter(report.pattern.id for piece in pieces for report in piece.reports)


def _found_there(pieces: Sequence[Piece], pattern: str) -> int:
    """How many findings of the pattern touch the lines that the edits touch."""
    return sum(
        report.pattern.id == pattern and any(report.stretch.touches(one) for one in piece.touched)
        for piece in pieces
        for report in piece.reports
    )
