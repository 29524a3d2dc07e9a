"""The cases of a pattern: a Markdown file that reads as its specification.

    ## what happens                        a case; its heading is its name, and its pytest id
    ```python                              the code; each finding is marked ⟦so⟧, exactly where it is underlined
    def add(item, bucket=⟦[]⟧): ...
    ```
    > every call that leaves out `bucket`  (optional) part of the message
    ```python review                       (optional) the code after the fix, and the fix's class: safe or review
    ...
    ```

A case whose heading starts with "silent:" gives the reason why nothing is found and marks nothing. "no fix" behind
`python` on the first fence says that the finding has no fix, a word such as "hint" its severity. A fence ```settings
before the code holds lines such as
`target = 3.8`, `path = tests/test_x.py`.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from chatbt.analysis.finding import Severity
from chatbt.source.document import Document, Position, Range

_BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """One case: the code without marks, what is marked, the message's part, the fixed code and its class."""

    name: str
    code: str
    marked: tuple[Range, ...]
    message: str
    fixed: str | None
    fix_class: str
    no_fix: bool
    severity: str
    target: tuple[int, int]
    path: str

    @property
    def silent(self) -> bool:
        return self.name.startswith("silent:")


def read_cases(file: Path) -> list[Case]:
    """The cases of a file, in order."""
    parts = re.split(r"^## +(.+)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [_case(name.strip(), body) for name, body in zip(parts[1::2], parts[2::2], strict=True)]


def _case(name: str, body: str) -> Case:
    code, fixed, fix_class, wanted = None, None, "", ""
    settings: dict[str, str] = {}
    for language, info, text in _BLOCK.findall(body):
        if language == "settings":
            settings = {key.strip(): value.strip() for key, value in (line.split("=") for line in text.splitlines())}
        elif code is None:
            code, wanted = text, info
        else:
            fixed, fix_class = text, info.strip()
    if code is None:
        raise ValueError(f"the case {name!r} has no code")
    plain, marked = unmarked(code)
    severity = next((one for one in Severity if one in wanted.split()), "")
    major, minor = settings.get("target", "3.11").split(".")
    message = re.search(r"^> (.+)$", body, re.MULTILINE)
    return Case(
        name, plain, marked, message.group(1) if message else "", fixed, fix_class, "no fix" in wanted,
        severity, (int(major), int(minor)), settings.get("path", "example.py"),
    )  # fmt: skip


def unmarked(code: str) -> tuple[str, tuple[Range, ...]]:
    """The code without ⟦ and ⟧, and the ranges between them (they may nest)."""
    plain = ""
    opened: list[int] = []
    ranges: list[tuple[int, int]] = []
    for character in code:
        if character == "⟦":
            opened.append(len(plain))
        elif character == "⟧":
            ranges.append((opened.pop(), len(plain)))
        else:
            plain += character
    if opened:
        raise ValueError("a ⟦ has no ⟧")
    return plain, tuple(sorted(Range(_position(plain, start), _position(plain, stop)) for start, stop in ranges))


def _position(text: str, index: int) -> Position:
    document = Document.from_text("", text[:index])
    return document.end
