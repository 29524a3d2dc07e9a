"""Globs in globset's syntax, as ruff reads them: `*` (crosses `/` too), `**/`, `?`, `[!a-z]`, `{one,two}`.

A pattern is relative to the directory of the file it stands in. One without `/` matches a file or folder of
that name anywhere.
"""

import os
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

_SPECIAL = re.compile(r"[*?\[{\\/]")


class Glob(NamedTuple):
    """A pattern and the directory it is relative to (absolute)."""

    pattern: str
    root: str
    negated: bool = False


def slashed(path: str) -> str:
    """The path with `/` between its parts, as patterns are written."""
    return path.replace(os.sep, "/") if os.sep != "/" else path


def translate(pattern: str) -> str:
    """The regular expression for a glob; ValueError says what is wrong with it."""
    out: list[str] = []
    depth = i = 0
    while i < len(pattern):
        char = pattern[i]
        i += 1
        if char == "*":
            first = i - 1
            while pattern[i : i + 1] == "*":
                i += 1
            starts_a_part = first == 0 or pattern[first - 1] == "/"
            if i - first == 2 and starts_a_part and pattern[i : i + 1] == "/":
                out.append("(?:.*/)?")
                i += 1
            else:
                out.append(".*")
        elif char == "?":
            out.append(".")
        elif char == "[":
            text, i = _class(pattern, i)
            out.append(text)
        elif char == "{":
            depth += 1
            out.append("(?:")
        elif char == "}" and depth:
            depth -= 1
            out.append(")")
        elif char == "," and depth:
            out.append("|")
        elif char == "\\" and i < len(pattern):
            out.append(re.escape(pattern[i]))
            i += 1
        else:
            out.append(re.escape(char))
    if depth:
        raise ValueError("a { is not closed")
    return "".join(out)


def _class(pattern: str, start: int) -> tuple[str, int]:
    """The regular expression for the class whose `[` stands before `start`, and where the pattern goes on."""
    first = start + (pattern[start : start + 1] in ("!", "^"))
    end = pattern.find("]", first + 1)
    if end < 0:
        raise ValueError("a [ is not closed")
    members = re.sub(r"[\\^\[\]&~|]", r"\\\g<0>", pattern[first:end])
    text = f"[{'^' if first > start else ''}{members}]"
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(str(error)) from None
    return text, end + 1


def _absolute(glob: Glob) -> str:
    root, pattern = slashed(glob.root).rstrip("/"), slashed(glob.pattern).rstrip("/")
    if pattern.startswith("/") or pattern[1:3] == ":/":
        return translate(pattern)
    while pattern.startswith(("./", "../")):
        step, _, pattern = pattern.partition("/")
        if step == "..":
            root = root.rpartition("/")[0]
    return f"{re.escape(root)}/{translate(pattern)}"


@lru_cache(maxsize=256)
def matcher(globs: tuple[Glob, ...]) -> Callable[[str], bool]:
    """A function that says whether any of the globs matches an absolute path itself (no folder above it)."""
    names = [translate(pattern) for glob in globs if "/" not in (pattern := slashed(glob.pattern).rstrip("/"))]
    # A plain name is found by its name alone; `*` crosses `/`, so what has one is tried on the whole path.
    paths = [_absolute(glob) for glob in globs if _SPECIAL.search(glob.pattern)]
    whole = re.compile("|".join(paths) or "(?!)", re.DOTALL).fullmatch
    name = re.compile("|".join(names) or "(?!)", re.DOTALL).fullmatch

    def matches(path: str) -> bool:
        path = slashed(path)
        return name(path.rpartition("/")[2]) is not None or whole(path) is not None

    return matches


def matches_below(globs: tuple[Glob, ...], path: str, root: str) -> bool:
    """Whether a glob matches the absolute path or a folder that holds it, below `root`."""
    matches = matcher(globs)
    path, root = slashed(path), slashed(root)
    while path and path != root:
        if matches(path):
            return True
        path = path.rpartition("/")[0]
    return False
