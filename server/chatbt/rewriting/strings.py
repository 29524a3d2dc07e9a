"""String literals as written: the parts of an implicit concatenation, their prefixes, quotes and bodies."""

import ast
import re
from dataclasses import dataclass

from chatbt.rewriting.rewrite import Rewrite, advanced
from chatbt.source.document import Range

_GAP = re.compile(r"(?:\s|\\\r?\n|#[^\r\n]*)*")
_LITERAL = re.compile(
    r"""([A-Za-z]{0,2})(\"\"\"|'''|"|')((?:[^\\]|\\.)*?)\2""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class StringPart:
    """One literal: `prefix`, `quote` and `body` as in the source, and where it stands, in the nodes' lines."""

    stretch: Range
    prefix: str
    quote: str
    body: str


def string_parts(node: ast.AST, rewrite: Rewrite) -> list[StringPart]:
    """The literals that a string or f-string node is written as; [] if they cannot be told apart."""
    where = rewrite.place(node)
    text = rewrite.slice(where)
    parts: list[StringPart] = []
    index = 0
    while index < len(text):
        found = _LITERAL.match(text, index)
        if found is None:
            return []
        stretch = Range(advanced(where.start, text[:index]), advanced(where.start, text[: found.end()]))
        parts.append(StringPart(stretch, *found.groups()))
        gap = _GAP.match(text, found.end())
        index = gap.end() if gap else len(text)
    return parts
