"""A TOML file: its tables, what is wrong with it, and the lines of its keys (tomllib gives none)."""

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

Keys = tuple[str, ...]


class TomlFile(NamedTuple):
    """`problem` says what is wrong with the file, at line `problem_line`; `data` is then empty."""

    path: Path
    text: str
    data: Mapping[str, Any]
    problem: str | None = None
    problem_line: int | None = None

    def table(self, *keys: str) -> Mapping[str, Any] | None:
        """The table under these keys, or None if there is none."""
        table: object = self.data
        for key in keys:
            table = table.get(key) if isinstance(table, dict) else None
        return table if isinstance(table, dict) else None

    def line(self, keys: Keys, item: str | None = None) -> int | None:
        """The 1-based line of a key or, where `item` is given, of that key or string in its value."""
        lines = key_lines(self.text)
        inside = [line for path, line in lines.items() if path[: len(keys)] == keys]
        if not inside:
            return None
        start = lines.get(keys) or min(inside)
        if item is None:
            return start
        if under := lines.get((*keys, item)):
            return under
        quoted = re.compile(f"[\"']{re.escape(item)}[\"']")
        others = {line for path, line in lines.items() if path[: len(keys)] != keys}
        for number, text in enumerate(self.text.split("\n")[start - 1 :], start):
            if number != start and number in others:
                break
            if quoted.search(text):
                return number
        return start


def extended(path: Path, extend: str) -> Path:
    """The file that `extend` names in the file at `path`; `~` and environment variables are expanded."""
    try:
        expanded = Path(extend).expanduser()
    except RuntimeError:  # the home of a user that there is not
        expanded = Path(extend)
    return Path(os.path.normpath(path.parent / os.path.expandvars(expanded)))


def read_toml(path: Path) -> TomlFile:
    """The file as it is on the disk; what cannot be read is empty and says why."""
    import tomllib

    try:
        raw = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        return TomlFile(path, "", {}, f"cannot be read ({getattr(error, 'strerror', error)})")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return TomlFile(path, "", {}, f"not UTF-8 (byte 0x{raw[error.start]:02x})", line)
    try:
        return TomlFile(path, text, tomllib.loads(text))
    except ValueError as error:
        said, where = _problem(str(error), text)
        return TomlFile(path, text, {}, f"not valid TOML ({said})", where)
    except RecursionError:
        return TomlFile(path, text, {}, "not valid TOML (nested too deeply)")


_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")
_AT_END = " (at end of document)"


def _problem(message: str, text: str) -> tuple[str, int | None]:
    if match := _AT_LINE.search(message):
        return f"{message[: match.start()]}, column {match[2]}", int(match[1])
    if message.endswith(_AT_END):
        return f"{message.removesuffix(_AT_END)}, at the end of the file", text.count("\n") + 1
    return message, None


_TOKEN = re.compile(
    r"(?P<skip>[ \t\r]+|\#[^\n]*)"
    r"|(?P<multi>\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5})"
    r"|(?P<quoted>\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')"
    r"|(?P<bare>[A-Za-z0-9_-]+)"
    r"|(?P<mark>.)",
    re.DOTALL,
)


@lru_cache(maxsize=16)
def key_lines(text: str) -> Mapping[Keys, int]:
    """The 1-based line of every key and table header of valid TOML, by the path of keys that leads there."""
    lines: dict[Keys, int] = {}
    table: Keys = ()
    nesting: list[tuple[str, Keys]] = []  # open [ and { of the value, each with the path of the key before it
    parts: list[str] = []
    path: Keys = ()
    state = "key"
    line = 1
    for token in _TOKEN.finditer(text):
        kind, said, at = token.lastgroup, token[0], line
        line += said.count("\n")
        if kind == "skip":
            continue
        if said == "\n":
            if not nesting:
                state, parts = "key", []
        elif state == "value":
            if said in ("[", "{"):
                nesting.append((said, path))
                state, parts = ("key" if said == "{" else "value"), []
            elif nesting and said in ("]", "}"):
                path = nesting.pop()[1]
            elif said == "," and nesting and nesting[-1][0] == "{":
                state, parts = "key", []
        elif said == "[":
            state = "header"
        elif kind in ("quoted", "bare"):
            parts.append(_unquoted(said) if kind == "quoted" else said)
        elif state == "header" and said == "]":
            table = tuple(parts)
            lines.setdefault(table, at)
        elif said == "=":
            path = (nesting[-1][1] if nesting else table) + tuple(parts)
            lines.setdefault(path, at)
            state = "value"
        elif said == "}" and nesting:
            path = nesting.pop()[1]
            state = "value"
    return lines


def _unquoted(key: str) -> str:
    if key[0] == "'" or "\\" not in key:
        return key[1:-1]
    import tomllib

    (name,) = tomllib.loads(f"{key}=0")
    return name
