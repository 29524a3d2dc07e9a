"""The places inside f-strings, which `ast` gets wrong before Python 3.12.

Until then an f-string is one token and its replacement fields are parsed apart: a node inside stands at the place of
the whole string, or where it would stand if the text around it were another. Here the fields are found again in the
text and every place is set to what Python 3.12 says: a replacement field from brace to brace, a format specification
from its colon, a literal from its first part to its last, an expression where it is written.
"""

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from chatbt.source.chunks import parse_source

_GAP = re.compile(rb"(?:[ \t\f\r\n]|\\[\r\n]|#[^\r\n]*)*")
_OPENING = re.compile(rb"""([A-Za-z]*)(\"\"\"|'''|"|')""")
_CLOSING = {quote: re.compile(rb"(?:[^\\]|\\.)*?" + quote, re.DOTALL) for quote in (b'"""', b"'''", b'"', b"'")}
# What ends an expression or hides what would: a comparison, a quote, a bracket, `=`, `!`, `:`.
_STOP = re.compile(rb"""[=!<>]=|\"\"\"|'''|["'()\[\]{}=!:]""")
# The next brace, or text of two bytes and more that looks like one; by (raw, inside a specification).
_DOUBLED, _ESCAPED, _ONE = rb"\{\{|\}\}", rb"\\N\{[^}]*\}|\\[^{}]", rb"[{}]"
_BRACE = {
    (False, False): re.compile(rb"|".join((_ESCAPED, _DOUBLED, _ONE))),
    (False, True): re.compile(rb"|".join((_ESCAPED, _ONE))),
    (True, False): re.compile(rb"|".join((_DOUBLED, _ONE))),
    (True, True): re.compile(_ONE),
}


class _Span(NamedTuple):
    """Bytes `[start, stop)` of the text."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class _Field:
    """A replacement field, `{expression = !r : specification}`, with the parts of its specification."""

    whole: _Span
    expression: _Span
    specification: _Span
    parts: "_Parts"


_Parts = list[_Span | _Field]  # no literal follows another


def correct(joined: ast.JoinedStr, lines: Sequence[str], first: int) -> None:
    """Set the place of every node inside `joined`, whose own place is right.

    `lines` are those of its chunk, endings kept, and `first` is the number that `ast` gives the first of them.
    """
    used = lines[joined.lineno - first : (joined.end_lineno or 0) - first + 1]
    encoded = [line.encode("utf-8", "surrogatepass") for line in used]
    starts = [0, *accumulate(map(len, encoded[:-1]))]
    _Corrector(b"".join(encoded), joined.lineno, starts).string(joined)


@dataclass(frozen=True, slots=True)
class _Corrector:
    """The text of whole lines from line `first` on; `starts` says where in it each of them starts."""

    text: bytes
    first: int
    starts: list[int]

    def string(self, joined: ast.JoinedStr) -> None:
        """Correct an f-string, or a row of strings that is one."""
        start = self.starts[joined.lineno - self.first] + joined.col_offset
        stop = self.starts[(joined.end_lineno or 0) - self.first] + (joined.end_col_offset or 0)
        self._parts(joined.values, _strings(self.text, start, stop))

    def _parts(self, values: list[ast.expr], parts: _Parts) -> None:
        remaining = iter(parts)
        for value in values:
            part = next(remaining)
            if isinstance(value, ast.FormattedValue) and isinstance(part, _Span):
                part = next(remaining)  # an empty literal is no node
            if isinstance(value, ast.FormattedValue) and isinstance(part, _Field):
                self._place(value, part.whole)
                self._expression(value.value, part.expression)
                if isinstance(value.format_spec, ast.JoinedStr):
                    self._place(value.format_spec, part.specification)
                    self._parts(value.format_spec.values, part.parts)
            elif isinstance(part, _Span):
                self._place(value, part)

    def _expression(self, node: ast.expr, span: _Span) -> None:
        """Give `node` and what it holds the places of the same text parsed between brackets."""
        source = self.text[slice(*span)]
        (fresh,) = parse_source(f"({source.decode('utf-8', 'surrogatepass')})").body
        assert isinstance(fresh, ast.Expr)
        line, column = self._position(span.start)
        for old, new in zip(_placed(node), _placed(fresh.value), strict=True):
            end_line, end = new.end_lineno or 0, new.end_col_offset or 0
            old.lineno = new.lineno + line - 1
            old.col_offset = new.col_offset + (column - 1 if new.lineno == 1 else 0)
            old.end_lineno = end_line + line - 1
            old.end_col_offset = end + (column - 1 if end_line == 1 else 0)
            if isinstance(old, ast.JoinedStr):
                self.string(old)
        if (fresh.value.lineno, fresh.value.col_offset) == (1, 0):  # a tuple took the brackets for its own
            blank = len(source) - len(source.lstrip())
            self._place(node, _Span(span.start + blank, span.start + len(source.rstrip())))

    def _place(self, node: ast.expr, span: _Span) -> None:
        node.lineno, node.col_offset = self._position(span.start)
        node.end_lineno, node.end_col_offset = self._position(span.stop)

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset) - 1
        return self.first + line, offset - self.starts[line]


def _placed(node: ast.AST) -> Iterator[ast.expr | ast.arg | ast.keyword]:
    """`node` and the nodes below it that have a place, those inside of an f-string left out."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.expr, ast.arg, ast.keyword)):
            yield node
        if not isinstance(node, ast.JoinedStr):
            waiting.extend(ast.iter_child_nodes(node))


def _strings(text: bytes, start: int, stop: int) -> _Parts:
    """The parts of the strings that follow one another in `[start, stop)`."""
    parts: _Parts = []
    while opening := _OPENING.match(text, start, stop):
        prefix, quote = opening.groups()
        end = _end(_CLOSING[quote].match(text, opening.end()))
        if b"f" in prefix.lower():
            _replacements(parts, text, opening.end(), end - len(quote), b"r" in prefix.lower())
        else:
            _add_literal(parts, start, end)
        start = _end(_GAP.match(text, end))
    return parts


def _replacements(parts: _Parts, text: bytes, start: int, stop: int, raw: bool, *, inner: bool = False) -> int:
    """Add what `[start, stop)` holds to `parts`, if `inner` up to the brace that closes its field; where it ends."""
    position = start
    while brace := _BRACE[raw, inner].search(text, position, stop):
        position = brace.end()
        if brace.group() == b"{":
            _add_literal(parts, start, brace.start())
            position = start = _field(parts, text, brace.start(), stop, raw)
        elif brace.group() == b"}":
            stop = brace.start()
            break
    _add_literal(parts, start, stop)
    return stop


def _field(parts: _Parts, text: bytes, start: int, stop: int, raw: bool) -> int:
    """Add the replacement field that starts at `start`; where it ends."""
    end, delimiter = _expression_end(text, start + 1)
    expression = _Span(start + 1, end)
    position = end
    if delimiter == b"=":
        position = _end(_GAP.match(text, end + 1))
        _add_literal(parts, start + 1, position)  # `=` shows the expression
    if text[position : position + 1] == b"!":
        position += 2
    specification = position
    within: _Parts = []
    if text[position : position + 1] == b":":
        position = _replacements(within, text, position + 1, stop, raw, inner=True)
    parts.append(_Field(_Span(start, position + 1), expression, _Span(specification, position), within))
    return position + 1


def _expression_end(text: bytes, start: int) -> tuple[int, bytes]:
    """Where the expression at `start` ends, and at what: `=`, `!`, `:` or `}`."""
    depth, position = 0, start
    while found := _STOP.search(text, position):
        token, position = found.group(), found.end()
        if token[:1] in (b'"', b"'"):
            position = text.index(token, position) + len(token)
        elif token in (b"(", b"[", b"{"):
            depth += 1
        elif depth:
            depth -= token in (b")", b"]", b"}")
        elif len(token) == 1:
            return found.start(), token
    return start, b"}"


def _add_literal(parts: _Parts, start: int, stop: int) -> None:
    """Add `[start, stop)`, if it is not empty, to the literal before it or as a new one."""
    if start == stop:
        return
    if parts and isinstance(last := parts[-1], _Span):
        parts[-1] = _Span(last.start, stop)
    else:
        parts.append(_Span(start, stop))


def _end(match: re.Match[bytes] | None) -> int:
    assert match is not None  # the text has been parsed
    return match.end()
