"""String literals as written: the parts of an implicit concatenation, their prefixes, quotes and bodies."""

import ast
import re
from dataclasses import dataclass

from chatbt.analysis.flow import ancestors
from chatbt.rewriting.rewrite import Rewrite, advanced
from chatbt.source.document import Range

_GAP = re.compile(r"(?:\s|\\\r?\n|#[^\r\n]*)*")
_OPENING = re.compile(r"""((?i:rb|br|rf|fr|rt|tr|[rbuft])?)(\"\"\"|'''|"|')""")
_PLAIN = {quote: re.compile(rf"(?:[^\\]|\\.)*?{quote}", re.DOTALL) for quote in ('"""', "'''", '"', "'")}
_WORD = re.compile(r"\w+|#[^\r\n]*|\s+")


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
    return [
        StringPart(Range(advanced(where.start, text[:start]), advanced(where.start, text[:end])), prefix, quote, body)
        for start, end, prefix, quote, body in literals(text)
    ]


def literals(text: str) -> list[tuple[int, int, str, str, str]]:
    """(start, end, prefix, quote, body) of each literal in `text`, which holds nothing else; [] if it does."""
    found: list[tuple[int, int, str, str, str]] = []
    index = 0
    while index < len(text):
        opening = _OPENING.match(text, index)
        end = _literal_end(text, opening) if opening else None
        if opening is None or end is None:
            return []
        prefix, quote = opening.groups()
        found.append((index, end, prefix, quote, text[opening.end() : end - len(quote)]))
        gap = _GAP.match(text, end)
        index = gap.end() if gap else len(text)
    return found


def _literal_end(text: str, opening: re.Match[str]) -> int | None:
    """Where the literal ends that `opening`, its prefix and quote, starts; None if it does not."""
    prefix, quote = opening.group(1).lower(), opening.group(2)
    if "f" not in prefix and "t" not in prefix:
        closing = _PLAIN[quote].match(text, opening.end())
        return closing.end() if closing else None
    index: int | None = opening.end()
    while index is not None and index < len(text):
        if text.startswith(quote, index):
            return index + len(quote)
        if text[index] == "\\":
            index = _behind_escape(text, index, "r" in prefix)
        elif text.startswith("{{", index):
            index += 2
        elif text[index] == "{":
            index = _field_end(text, index + 1)
        else:
            index += 1
    return None


def _behind_escape(text: str, index: int, raw: bool) -> int:
    """The place behind the backslash at `index` and what it escapes. A brace is escaped only as part of `\\N{...}`."""
    if not raw and text.startswith("N{", index + 1):
        return text.find("}", index) + 1 or len(text)
    return index + 1 if text[index + 1 : index + 2] in ("{", "}") else index + 2


def _field_end(text: str, index: int) -> int | None:
    """Where the replacement field ends whose expression starts at `index`. From Python 3.12 it may hold any quotes."""
    depth = 0
    while index < len(text):
        if opening := _OPENING.match(text, index):
            end = _literal_end(text, opening)
            if end is None:
                return None
            index = end
        elif word := _WORD.match(text, index):
            index = word.end()
        elif text[index] in "([{":
            depth, index = depth + 1, index + 1
        elif text[index] == "}" and not depth:
            return index + 1
        elif text[index] == ":" and not depth:
            return _specification_end(text, index + 1)
        else:
            depth -= text[index] in ")]}"
            index += 1
    return None


def _specification_end(text: str, start: int) -> int | None:
    """Where the field ends whose format specification starts at `start`: in it quotes are text."""
    index: int | None = start
    while index is not None and index < len(text):
        if text[index] == "}":
            return index + 1
        index = _field_end(text, index + 1) if text[index] == "{" else index + 1
    return None


def quote_inside(node: ast.AST, rewrite: Rewrite) -> str | None:
    """A quote for a new string at `node` that no f-string around it uses, as Python 3.11 demands; None if none is."""
    around = [one for one in ancestors(node) if isinstance(one, ast.JoinedStr)]
    taken = {part.quote[0] for one in around for part in string_parts(one, rewrite)}
    return next((quote for quote in ('"', "'") if quote not in taken), None)
