"""Where statements begin and end, read from the text alone.

A *segment* is a statement with its decorators, at one indentation, found without parsing: it starts where brackets and
strings are closed and ends before the next line that can only start another. Half-written code is the normal case, so
the scan recovers where no Python could go on: a line that starts with a keyword which no expression contains closes
every open bracket.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

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
# None of these can stand at the start of a line inside brackets, in any Python, unless it is part of a longer name.
_NEVER_INSIDE = re.compile(
    r"\s*(?:(?:async\s+)?def|class|return|import|raise|while|try|pass|break|continue|del|assert|global|nonlocal"
    r"|except|finally|elif)\b|\s*from\s+[\w.]+\s+import\b"
)
_LONE_BACKSLASH = re.compile(r"[ \t\f]*\\\r?\n?\Z")
_DEFINITION = re.compile(r"(?:async[ \t]+)?def\b|class\b|@")
_HEAD = re.compile(r"(?:async[ \t]+)?(def|class)\b")
_WHITE = " \t\f\ufeff"  # a byte order mark starts the first line of some files


@dataclass(frozen=True, slots=True)
class Segment:
    """One statement with the gap before it: lines `[start, stop)`, 0-based.

    Of a top-level class whose body has lines of its own it is the header alone, and `body` is the body's indentation.

    `reach` is the first line that had no say in where it ends, and `last` tells whether the class around it ends there.
    `suspect` is the first line inside an open string that looks like a definition: if the segment does not parse, it
    ends there. `broken` tells that it cannot parse.
    """

    start: int
    stop: int
    head: int
    kind: Kind
    reach: int
    suspect: int | None
    broken: bool
    last: bool = False
    body: str = ""


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
        if not self.depth or self.string or not _NEVER_INSIDE.match(line):
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
            if token in ("(", "[", "{"):
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


def _ends_in_backslash(line: str) -> bool:
    body = line.rstrip("\r\n")
    return len(body) < len(line) and (len(body) - len(body.rstrip("\\"))) % 2 == 1


def is_content(line: str) -> bool:
    """Whether a line that starts outside strings and brackets holds more than white space and a comment."""
    return line.lstrip(_WHITE)[:1] not in ("", "\n", "\r", "#")


def indentation(line: str) -> str:
    """The white space before the content of a line, from its last form feed on: that is where columns count from."""
    return line[: len(line) - len(line.lstrip(_WHITE))].rpartition("\f")[2]


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
    content_end = start
    decorated = broken = False
    suspect = None
    kind: Kind = "code"
    for index in range(start, len(lines)):
        line = lines[index]
        if scan.depth and scan.recover(line):
            broken = True
        if scan.clean:
            tells, opening = _opening(lines, index)
            if not is_content(opening):
                continue
            if head >= 0:
                last = bool(indent) and leaves(opening) is not None
                if last or (not decorated and begins(opening)):
                    stop = with_indented_comments(lines, content_end, index, "" if last else indent)
                    return Segment(start, stop, head, kind, tells + 1, suspect, broken, last)
                if kind == "class" and not indent and (body := indentation(opening)):
                    return Segment(start, content_end, head, kind, tells + 1, suspect, broken, body=body)
            if head < 0 or decorated:
                head = tells
                begin = begins(opening)
                behind = begin.end() if begin else 0
                decorated = begin is not None and opening.startswith("@", behind)
                if begin and (named := _HEAD.match(opening, behind)):
                    kind = "class" if named.group(1) == "class" else "def"
            content_end = index + 1
        elif scan.string:
            if suspect is None and _looks_like_definition(line, indent):
                suspect = index
            content_end = index + 1
        else:
            content_end = index + 1
        scan.feed(line)
    return Segment(start, len(lines), max(head, start), kind, len(lines) + 1, suspect, broken or not scan.clean)


def _opening(lines: Sequence[str], index: int) -> tuple[int, str]:
    """How a statement at line `index` begins, and the line that tells; "" if none begins there.

    A backslash alone on its line continues the white space before it, if there is any, to what the next line holds.
    """
    line = lines[index]
    if not _LONE_BACKSLASH.match(line):
        return index, line
    indent = indentation(line)
    while index < len(lines) and _LONE_BACKSLASH.match(lines[index]):
        index += 1
    if not indent or index == len(lines):
        return index, ""
    return index, indent + lines[index].lstrip(_WHITE)


def _looks_like_definition(line: str, indent: str) -> bool:
    """Whether a line may be a definition at `indent` or at top level."""
    return bool(_DEFINITION.match(line) or (line.startswith(indent) and _DEFINITION.match(line, len(indent))))


def with_indented_comments(lines: Sequence[str], content_end: int, stop: int, indent: str) -> int:
    """Where a statement ends whose last content is before `content_end`: deeper comments still belong to it."""
    end = content_end
    for index in range(content_end, stop):
        comment = lines[index].lstrip(" \t\f")
        if comment.startswith("#") and len(lines[index]) - len(comment) > len(indent):
            end = index + 1
    return end
