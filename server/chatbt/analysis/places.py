"""Where a node stands, right inside f-strings too, and the chunk's text and comments there."""

import ast
import io
import sys
import tokenize
from functools import lru_cache
from typing import NamedTuple

from chatbt.analysis.flow import ancestors
from chatbt.analysis.walk import Walked
from chatbt.source.document import Document, Position, Range


class Comment(NamedTuple):
    """A comment of a chunk: its place in the nodes' line numbers, and its text with the `#`."""

    start: Position
    text: str
    own_line: bool


def place(node: ast.AST, walked: Walked) -> Range:
    """The range of a node, in the line numbers that the chunk's nodes have."""
    if sys.version_info < (3, 12):
        outermost = None
        for around in ancestors(node):
            if isinstance(around, ast.JoinedStr):
                outermost = around
        if outermost is not None:
            _correct(outermost, walked)
    where = node.__dict__
    return Range.of(where["lineno"], where["col_offset"], where["end_lineno"], where["end_col_offset"])


def _correct(joined: ast.JoinedStr, walked: Walked) -> None:
    if "corrected" in joined.__dict__:
        return
    from chatbt.source.fstrings import correct

    correct(joined, lines(walked), walked.parsed.first)
    joined.__dict__["corrected"] = True


def chunk_text(walked: Walked) -> Document:
    """The chunk's text as a document of its own; line 1 is its first line."""
    return _document(walked.parsed.text)


@lru_cache(maxsize=64)
def _document(text: str) -> Document:
    return Document.from_text("", text)


def lines(walked: Walked) -> list[str]:
    return list(chunk_text(walked).lines)


def source_of(node: ast.AST, walked: Walked) -> str:
    """The source text of a node."""
    return chunk_text(walked).slice(place(node, walked).shifted(1 - walked.parsed.first))


def comments(walked: Walked) -> list[Comment]:
    """The chunk's comments in order, in the line numbers that its nodes have."""
    shift = walked.parsed.first - 1
    return [
        Comment(Position(line + shift, column), text, own_line)
        for line, column, text, own_line in comments_in(walked.parsed.text)
    ]


@lru_cache(maxsize=256)
def comments_in(text: str) -> tuple[tuple[int, int, str, bool], ...]:
    """(line from 1, column in bytes, text, alone on its line) of every comment, as far as the text can be read."""
    if "#" not in text:
        return ()
    found = []
    # tokenize cuts lines where `ast` does once CR endings are LF; an indented chunk needs something to be inside of.
    source = text.replace("\r\n", "\n").replace("\r", "\n")
    indented = source.lstrip("\n\f")[:1] in (" ", "\t")
    reader = io.StringIO("if 1:\n" + source if indented else source).readline
    try:
        for token in tokenize.generate_tokens(reader):
            if token.type == tokenize.COMMENT:
                before = token.line[: token.start[1]]
                column = len(before.encode("utf-8", "surrogatepass"))
                found.append((token.start[0] - indented, column, token.string, not before.strip()))
    except (tokenize.TokenError, SyntaxError):
        pass
    return tuple(found)


def comments_within(stretch: Range, walked: Walked) -> list[Comment]:
    """The comments that start inside `stretch`."""
    if "#" not in walked.parsed.text:
        return []
    return [comment for comment in comments(walked) if stretch.start <= comment.start < stretch.end]
