"""Comments that silence findings: `chatbt: ignore`, `chatbt: ignore-file`, and other linters' `noqa`.

`# chatbt: ignore[CC001]` silences the line it ends, or, alone on a line, the next line of code. Without brackets it
silences every rule. `# noqa` silences everything on its line, `# noqa: B006` what has that id or that ruff code.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from chatbt.analysis.places import comments_in
from chatbt.source.document import Range, split_lines
from chatbt.source.segments import is_content

_IGNORE = re.compile(r"#\s*chatbt:\s*ignore(?P<file>-file)?(?P<list>\s*\[(?P<codes>[^\]]*)\])?", re.IGNORECASE)
_NOQA = re.compile(
    r"#\s*(?P<file>(?:ruff|flake8):\s*)?noqa"
    r"(?P<list>:\s*(?P<codes>[A-Z][A-Z0-9]*[0-9]+(?:[\s,]+[A-Z][A-Z0-9]*[0-9]+)*))?",
    re.IGNORECASE,
)
_CODE = re.compile(r"[^\s,]+")


class Code(NamedTuple):
    """An id, name or foreign code in a comment, and where it stands in the chunk (line 1 is its first)."""

    text: str
    stretch: Range


@dataclass(frozen=True, slots=True)
class Suppression:
    """One such comment. `codes` is None where it names none and silences everything; `lines` are those it speaks of."""

    stretch: Range
    codes: tuple[Code, ...] | None
    lines: frozenset[int]
    whole_file: bool
    ours: bool

    def silences(self, names: Iterable[str]) -> Code | bool:
        """The code that silences a pattern with one of `names`, True if all are silenced, else False."""
        if self.codes is None:
            return True
        wanted = {name.lower() for name in names}
        return next((code for code in self.codes if code.text.lower() in wanted), False)


def only_silences(comment: str) -> bool:
    """Whether a comment starts as a `chatbt: ignore`: it says something to us and nothing of the code."""
    return _IGNORE.match(comment) is not None


def suppressions(text: str) -> tuple[Suppression, ...]:
    """The suppressions in a chunk's text."""
    if "#" not in text:
        return ()
    lowered = text.lower()
    if "noqa" not in lowered and "chatbt:" not in lowered:
        return ()
    found = []
    for line, column, comment, own_line in comments_in(text):
        for pattern in (_IGNORE, _NOQA):
            matches = pattern.finditer(comment)
            found += [_suppression(match, line, column, comment, own_line, text) for match in matches]
    return tuple(found)


def _suppression(match: re.Match[str], line: int, column: int, comment: str, own_line: bool, text: str) -> Suppression:
    ours = match.re is _IGNORE
    whole_file = bool(match.group("file"))

    def stretch(start: int, stop: int) -> Range:
        first, last = (column + len(comment[:index].encode("utf-8", "surrogatepass")) for index in (start, stop))
        return Range.of(line, first, line, last)

    codes = None
    if match.group("list") is not None:
        base = match.start("codes")
        codes = tuple(
            Code(one.group(), stretch(base + one.start(), base + one.end())) for one in _CODE.finditer(match["codes"])
        )
    lines = {line}
    if ours and own_line and not whole_file:
        lines = {_next_code_line(text, line)}
    return Suppression(stretch(match.start(), match.end()), codes, frozenset(lines), whole_file, ours)


def _next_code_line(text: str, line: int) -> int:
    lines = split_lines(text)
    return next((number for number in range(line + 1, len(lines) + 1) if is_content(lines[number - 1])), line)
