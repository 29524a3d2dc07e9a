"""Where statements begin and end, read from the text alone.

A *segment* is a statement with its decorators, at one indentation, found without parsing: it starts where brackets and
strings are closed and ends before the next line that can only start another. Half-written code is the normal case, so
the scan recovers where no Python could go on: a line that starts with a keyword which no expression contains closes
every open bracket.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["code", "def", "class"]

_TOKEN = re.compile(
    r"""(?P<triple>\"\"\"|''')
      | (?P<string>"[^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+"|'[^'\\\r\n]*+(?:\\.[^'\\\r\n]*+)*+')
      | (?P<comment>\#)
      | (?P<open>[(\[{])
      | (?P<close>[)\]}])
      | (?P<lone>["'])
      | (?P<backslash>\\\r?\n|\\\r)""",
    re.VERBOSE,
)
_END = {
    '"""': re.compile(r'[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+"""', re.DOTALL),
    "'''": re.compile(r"[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+'''", re.DOTALL),
    '"': re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL),
    "'": re.compile(r"[^'\\]*+(?:\\.[^'\\]*+)*+'", re.DOTALL),
}
_INTERESTING = re.compile(r"""["'#()\[\]{}\\]""")
_CONTINUED = re.compile(r"(?:else|elif|except|finally)\b")
# None of these can stand at the start of a line inside brackets, in any Python, unless it is part of a longer name.
_NEVER_INSIDE = re.compile(
    r"\s*(?:(?:async\s+)?def|class|return|import|raise|while|try|pass|break|continue|del|assert|global|nonlocal"
    r"|except|finally|elif)\b|\s*from\s+[\w.]+\s+import\b"
)
_DEFINITION = re.compile(r"(?:async[ \t]+)?def\b|class\b|@")
_HEAD = re.compile(r"(?:async[ \t]+)?(def|class)\b")


@dataclass(frozen=True, slots=True)
class Segment:
    """One statement with the gap before it: lines `[start, stop)`, 0-based.

    `head` is its first line that is no blank, comment or decorator; `reach` is the first line that had no say in
    where it ends. `suspect` is the first line inside an open string that looks like a definition: if the segment does
    not parse, it ends there.
    """

    start: int
    stop: int
    head: int
    kind: Kind
    reach: int
    suspect: int | None


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
            end = _END[self.string].match(line)
            if end is None:
                if len(self.string) == 1 and not _ends_in_backslash(line):
                    self.string = ""
                return
            self.string = ""
            position = end.end()
        if not _INTERESTING.search(line, position):
            return
        while token := _TOKEN.search(line, position):
            position = token.end()
            match token.lastgroup:
                case "open":
                    self.depth += 1
                case "close":
                    self.depth = max(self.depth - 1, 0)
                case "comment":
                    return
                case "backslash":
                    self.backslash = True
                case "triple" | "lone":
                    quote = token.group()
                    end = _END[quote].match(line, position)
                    if end is not None:
                        position = end.end()
                    elif len(quote) == 3 or _ends_in_backslash(line):
                        self.string = quote
                        return


def _ends_in_backslash(line: str) -> bool:
    body = line.rstrip("\r\n")
    return len(body) < len(line) and (len(body) - len(body.rstrip("\\"))) % 2 == 1


def is_content(line: str) -> bool:
    """Whether a line that starts outside strings and brackets holds more than white space and a comment."""
    return line.lstrip(" \t\f")[:1] not in ("", "\n", "\r", "#")


def starts_statement(line: str, indent: str) -> bool:
    """Whether a line that starts outside strings and brackets starts a statement at `indent`."""
    if not indent:
        line = line.lstrip("\f")
    elif line.startswith(indent):
        line = line[len(indent) :]
    else:
        return False
    return line[:1] not in ("", " ", "\t", "\f", "#", "\n", "\r", ")", "]", "}") and not _CONTINUED.match(line)


def segment(lines: Sequence[str], start: int, stop: int, indent: str = "", *, begun: bool = False) -> Segment:
    """The segment that starts at line `start`, where all brackets and strings are closed.

    With `begun`, line `start` is inside the statement: the next one at `indent` ends it.
    """
    scan = _Scan()
    head = start if begun else -1
    content_end = start
    decorated = False
    suspect = None
    kind: Kind = "code"
    index = start
    while index < stop:
        line = lines[index]
        scan.recover(line)
        if scan.clean:
            if is_content(line):
                if head >= 0 and not decorated and starts_statement(line, indent):
                    break
                if head < 0 or decorated:
                    body = line[len(indent) :] if indent else line.lstrip("\f")
                    decorated = body.startswith("@")
                    head = index
                    if named := _HEAD.match(body):
                        kind = "class" if named.group(1) == "class" else "def"
                content_end = index + 1
        elif scan.string:
            if suspect is None and (_DEFINITION.match(line) or _DEFINITION.match(line, _width(line, indent))):
                suspect = index
            content_end = index + 1
        elif scan.depth or is_content(line):
            content_end = index + 1
        scan.feed(line)
        index += 1
    end = stop if index >= stop else with_indented_comments(lines, content_end, index, indent)
    return Segment(start, end, max(head, start), kind, index + 1, suspect)


def _width(line: str, indent: str) -> int:
    return len(indent) if line.startswith(indent) else 0


def with_indented_comments(lines: Sequence[str], content_end: int, stop: int, indent: str) -> int:
    """Where a statement ends whose last content is before `content_end`: deeper comments still belong to it."""
    end = content_end
    for index in range(content_end, stop):
        comment = lines[index].lstrip(" \t\f")
        if comment.startswith("#") and len(lines[index]) - len(comment) > len(indent):
            end = index + 1
    return end


def class_body(lines: Sequence[str], whole: Segment) -> tuple[int, str] | None:
    """(first line behind the header, indentation of the members) of a class whose body has lines of its own."""
    scan = _Scan()
    behind = whole.head + 1
    for index in range(whole.head, whole.stop):
        line = lines[index]
        scan.recover(line)
        if index > whole.head and scan.clean:
            if not is_content(line):
                continue
            indent = line[: len(line) - len(line.lstrip(" \t"))]
            return (behind, indent) if indent else None
        scan.feed(line)
        behind = index + 1
    return None
