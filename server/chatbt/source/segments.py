"""Where statements begin and end, read from the text alone.

A *segment* is a statement with its decorators, at one indentation, found without parsing: it starts where brackets and
strings are closed and ends before the next line that can only start another. Half-written code is the normal case, so
the scan recovers where no Python could go on: a line that starts with a keyword which no expression contains closes
every open bracket.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal["code", "def", "class"]

# Every alternative starts with a character of its own: so `re` looks for the few characters that matter.
_TOKEN = re.compile(
    r"""\"\"\"|'''"""
    r"""|"[^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+"|'[^'\\\r\n]*+(?:\\.[^'\\\r\n]*+)*+'"""
    r"""|"|'|\#|\(|\[|\{|\)|\]|\}|\\\r?\n|\\\r"""
)
_NO_STRING = re.compile(r"\#|\(|\[|\{|\)|\]|\}|\\\r?\n|\\\r")
_END = {
    '"""': re.compile(r'[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+"""', re.DOTALL),
    "'''": re.compile(r"[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+'''", re.DOTALL),
    '"': re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL),
    "'": re.compile(r"[^'\\]*+(?:\\.[^'\\]*+)*+'", re.DOTALL),
}
# Since Python 3.12 the fields of an f-string, and of a t-string, may hold strings of the same quotes.
_NESTED = sys.version_info >= (3, 12)
_F_PREFIX = re.compile(r"(?<!\w)(?:[fFtT][rR]?|[rR][fFtT])\Z")
_TEXT = {end: re.compile(rf"\\[^{{]|\{{\{{|\{{|{end}") for end in ('"""', "'''", '"', "'", "}")}
_FIELD = re.compile(r"""\"\"\"|'''|["'()\[\]{}:]""")
# None of these can stand at the start of a line inside brackets, in any Python, unless it is part of a longer name.
_NEVER_INSIDE = re.compile(
    r"\s*(?:(?:async\s+)?def|class|return|import|raise|while|try|pass|break|continue|del|assert|global|nonlocal"
    r"|except|finally|elif)\b|\s*from\s+[\w.]+\s+import\b"
)
_LONE_BACKSLASH = re.compile(r"[ \t\f]*\\\r?\n?\Z")
_DEFINITION = re.compile(r"(?:async[ \t]+)?def\b|class\b|@")
_DECORATOR = re.compile(r"[ \t]*@[\w.]+")
_HEAD = re.compile(r"(?:async[ \t]+)?(def|class)\b")
WHITE = " \t\f\ufeff"  # a byte order mark starts the first line of some files


class End(NamedTuple):
    """The line behind a segment, and whether the class around it ends there too."""

    line: int
    leaves: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """One statement with the gap before it, from line `start` on, 0-based.

    `head` is its first line that is no blank, comment or decorator, `reach` the first line that had no say in where it
    ends. Of a top-level class whose body has lines of its own it is the header alone, and `body` is the body's
    indentation. `broken` tells that it cannot parse. `early` is where it ends instead if it does not: before a
    definition, it seems, that an open string has swallowed.
    """

    start: int
    head: int
    kind: Kind
    end: End
    early: End | None
    reach: int
    broken: bool
    body: str = ""

    @property
    def stop(self) -> int:
        return self.end.line


class _Scan:
    """Brackets, strings and continuation at the start of a line."""

    __slots__ = ("backslash", "depth", "string")

    def __init__(self) -> None:
        self.depth = 0
        self.string = ""
        self.backslash = False

    @property
    def clean(self) -> bool:
        return not (self.depth or self.string or self.backslash)

    def recover(self, line: str) -> bool:
        """Close the open brackets if no bracket can contain `line`; whether that happened."""
        if self.string or not _NEVER_INSIDE.match(line):
            return False
        self.depth = 0
        self.backslash = False
        return True

    def feed(self, line: str) -> None:
        """Go over one line, with its ending."""
        self.backslash = False
        position = 0
        if self.string:
            end = _END[self.string].match(line) if self.string in line else None
            if end is None:
                if len(self.string) == 1 and not _ends_in_backslash(line):
                    self.string = ""
                return
            self.string = ""
            position = end.end()
        tokens = _TOKEN
        while found := tokens.search(line, position):
            token, position = found.group(), found.end()
            if _NESTED and token[0] in "\"'" and (end_of_f := _f_string_end(line, found.start(), token)):
                position = end_of_f
            elif token in ("(", "[", "{"):
                self.depth += 1
            elif token in (")", "]", "}"):
                self.depth = max(self.depth - 1, 0)
            elif token == "#":
                return
            elif token[0] == "\\":
                self.backslash = True
            elif token in ('"""', "'''"):
                end = _END[token].match(line, position)
                if end is None:
                    self.string = token
                    return
                position = end.end()
            elif len(token) == 1:
                if _ends_in_backslash(line):
                    self.string = token
                    return
                tokens = _NO_STRING  # nothing closes it: every quote behind it may open or close


def _f_string_end(line: str, start: int, token: str) -> int:
    """Where the f-string ends whose quotes start at `start`; 0 if there is none or it does not end on this line."""
    if not _F_PREFIX.search(line, max(start - 3, 0), start):
        return 0
    quote = token if token in _END else token[0]
    return _text_end(line, start + len(quote), quote)


def _text_end(line: str, position: int, closer: str) -> int:
    """Where the text of an f-string or of a format specification ends, behind its `closer`; 0 if not on this line."""
    while found := _TEXT[closer].search(line, position):
        position = found.end()
        if found.group() == closer:
            return position
        if found.group() == "{" and not (position := _field_end(line, position)):
            return 0
    return 0


def _field_end(line: str, position: int) -> int:
    """Where a replacement field ends, behind its brace; 0 if not on this line."""
    depth = 0
    while found := _FIELD.search(line, position):
        token, position = found.group(), found.end()
        if token in _END:
            string = _END[token].match(line, position)
            position = _f_string_end(line, found.start(), token) or (string.end() if string else len(line))
        elif token in ("(", "[", "{"):
            depth += 1
        elif depth:
            depth -= token != ":"
        elif token == "}":
            return position
        elif token == ":":
            return _text_end(line, position, "}")
    return 0


def _ends_in_backslash(line: str) -> bool:
    body = line.rstrip("\r\n")
    return len(body) < len(line) and (len(body) - len(body.rstrip("\\"))) % 2 == 1


def is_content(line: str) -> bool:
    """Whether a line that starts outside strings and brackets holds more than white space and a comment."""
    return line.lstrip(WHITE)[:1] not in ("", "\n", "\r", "#")


def indentation(line: str) -> str:
    """The white space before the content of a line, from its last form feed on: that is where columns count from."""
    return line[: len(line) - len(line.lstrip(WHITE))].rpartition("\f")[2]


@lru_cache(maxsize=64)
def _beginning(indent: str) -> re.Pattern[str]:
    """A line that can only start a statement at `indent`, up to its first character."""
    no_beginning = r"[ \t\f#\r\n)\]}]|(?:else|elif|except|finally)\b"
    return re.compile(rf"(?:\ufeff|[ \t\f]*\f)?{indent}(?!{no_beginning})(?=.)", re.DOTALL)


def segment(lines: Sequence[str], start: int, indent: str = "") -> Segment:
    """The segment at `indent` that starts at line `start`, where all brackets and strings are closed."""
    scan = _Scan()
    begins, leaves = _beginning(indent).match, _beginning("").match
    head = -1
    opened = content_end = start
    decorated = broken = False
    early = None
    kind: Kind = "code"
    rest = iter(range(start, len(lines)))
    for index in rest:
        line = lines[index]
        if scan.depth and scan.recover(line):
            broken = True
            content_end = _content_end(lines, opened, index)
        if scan.clean:
            tells, opening = _behind_backslash(lines, index) if _LONE_BACKSLASH.match(line) else (index, line)
            if not is_content(opening):
                continue
            if head >= 0:
                last = bool(indent) and leaves(opening) is not None
                if last or (not decorated and begins(opening)):
                    stop = gap_start(lines, content_end, index, "" if last else indent)
                    return Segment(start, head, kind, End(stop, last), early, tells + 1, broken)
                if kind == "class" and not indent and (body := indentation(opening)):
                    return Segment(start, head, kind, End(content_end, False), early, tells + 1, broken, body)
            opened = index
            if head < 0 or decorated:
                head = tells
                begin = begins(opening)
                behind = begin.end() if begin else 0
                decorated = begin is not None and opening.startswith("@", behind)
                if begin and (named := _HEAD.match(opening, behind)):
                    kind = "class" if named.group(1) == "class" else "def"
        elif scan.string and early is None:
            early = _end_before_definition(lines, opened, index, indent)
        content_end = index + 1
        scan.feed(line)
        if early is not None and len(scan.string) == 3:
            # Nothing up to where the string is closed can change where the segment ends.
            content_end = next((at for at in rest if scan.string in lines[at]), len(lines) - 1) + 1
            scan.feed(lines[content_end - 1])
    end = End(len(lines), False)
    return Segment(start, max(head, start), kind, end, early, len(lines) + 1, broken or not scan.clean)


def _behind_backslash(lines: Sequence[str], index: int) -> tuple[int, str]:
    """The line that tells what begins at line `index`, a lone backslash, and what begins; "" if nothing does.

    It continues the white space before the backslash, if there is any: else the next line speaks for itself.
    """
    indent = indentation(lines[index])
    while index < len(lines) and _LONE_BACKSLASH.match(lines[index]):
        index += 1
    if not indent or index == len(lines):
        return index, ""
    return index, indent + lines[index].lstrip(WHITE)


def _end_before_definition(lines: Sequence[str], opened: int, index: int, indent: str) -> End | None:
    """Where a statement ends if line `index` is not part of it but a definition at `indent` or at top level."""
    line = lines[index]
    inside = line.startswith(indent)
    if not _DEFINITION.match(line, len(indent) if inside else 0):
        return None
    return End(gap_start(lines, _content_end(lines, opened, index), index, indent if inside else ""), not inside)


def _content_end(lines: Sequence[str], opened: int, stop: int) -> int:
    """Where the content ends of a statement that begins at line `opened`, if one with its decorators is at `stop`."""
    while stop > opened + 1 and (not is_content(lines[stop - 1]) or _DECORATOR.match(lines[stop - 1])):
        stop -= 1
    return stop


def gap_start(lines: Sequence[str], content_end: int, stop: int, indent: str) -> int:
    """Where a statement at `indent` ends whose content ends before line `content_end`, if the next one is at `stop`.

    Deeper comments still belong to it, and blank lines: a new line at the end of a function concerns no other.
    """
    end = content_end
    for index in range(content_end, stop):
        comment = lines[index].lstrip(WHITE)
        if is_content(comment):
            break
        if comment.startswith("#") and len(lines[index]) - len(comment) > len(indent):
            end = index + 1
    while end < stop and lines[end].lstrip(WHITE)[:1] in ("", "\n", "\r"):
        end += 1
    return end
