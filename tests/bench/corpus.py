"""The files the bench edits, from the running interpreter's standard library, and the places of its edits.

About 200, 1,000, 3,000 and 10,000 lines: `getopt`, `traceback`, `unittest.mock`, and seven modules joined
into one that parses. The same interpreter gives the same texts and places. A module that grew in a later
Python is cut at a top-level statement, so the sizes stay what they are called.
"""

from __future__ import annotations

import ast
import sysconfig
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

Position = tuple[int, int]
"""Line and column, both from 0. Every place is on an ASCII line, where all column units agree."""

Function = ast.FunctionDef | ast.AsyncFunctionDef

MODULES: dict[int, tuple[str, ...]] = {
    200: ("getopt.py",),
    1_000: ("traceback.py",),
    3_000: ("unittest/mock.py",),
    10_000: (
        "tarfile.py",
        "optparse.py",
        "shutil.py",
        "configparser.py",
        "smtplib.py",
        "functools.py",
        "textwrap.py",
    ),
}
SIZES = tuple(MODULES)


@dataclass(frozen=True)
class Change:
    """One incremental `contentChanges` entry: the text from `start` to `end` becomes `text`."""

    start: Position
    end: Position
    text: str


@dataclass(frozen=True)
class Toggle:
    """A change and the change that takes it back."""

    do: Change
    undo: Change


@dataclass(frozen=True)
class Scenario:
    """The toggles of one row of the table; `undone` is the row that the taking back belongs to."""

    name: str
    undone: str
    toggles: tuple[Toggle, ...]


@dataclass(frozen=True)
class Sample:
    """A file of the corpus: its nominal size, its text, and the rows that are measured in it."""

    size: int
    text: str
    scenarios: tuple[Scenario, ...]

    @property
    def name(self) -> str:
        return f"{self.size:,} lines"


def stdlib() -> Path:
    return Path(sysconfig.get_path("stdlib"))


@cache
def sample(size: int) -> Sample:
    text = cut(joined([(stdlib() / name).read_text(encoding="utf-8") for name in MODULES[size]]), size * 11 // 10)
    return Sample(size, text, scenarios(text))


def joined(texts: list[str]) -> str:
    """The modules one below the other, their `from __future__` imports merged into one at the top."""
    features: set[str] = set()
    bodies = []
    for text in texts:
        lines = text.split("\n")
        for node in ast.parse(text).body:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                features |= {alias.name for alias in node.names}
                lines[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or node.lineno) - node.lineno + 1)
        bodies.append("\n".join(lines).rstrip("\n") + "\n")
    head = f"from __future__ import {', '.join(sorted(features))}\n" if features else ""
    return head + "\n\n".join(bodies)


def cut(text: str, limit: int) -> str:
    """The text up to the last top-level statement that ends within the first `limit` lines."""
    if text.count("\n") <= limit:
        return text
    last = max(end for node in ast.parse(text).body if (end := node.end_lineno or 0) <= limit)
    return "\n".join(text.split("\n")[:last]) + "\n"


# ---- places


def scenarios(text: str) -> tuple[Scenario, ...]:
    module = ast.parse(text)
    lines = text.split("\n")
    every = functions(module)
    owner = largest_class(module)
    in_class = median(functions(owner)) if owner else median(every)

    def typed(name: str, *toggles: Toggle, undone: str = "") -> Scenario:
        return Scenario(name, undone or name, toggles)

    return (
        typed("identifier, median function", *identifier_toggles(median(every), lines)),
        typed("identifier, largest class", *identifier_toggles(in_class, lines)),
        typed("identifier, largest function", *identifier_toggles(max(every, key=height), lines)),
        typed(
            "syntax error, largest class",
            inserting(end_of_statement(in_class, lines), "("),
            undone="its repair",
        ),
        typed("newline at the top", inserting((0, 0), "\n")),
        typed("import renamed", inserting(end_of_import(module, lines), "x")),
    )


def inserting(at: Position, text: str) -> Toggle:
    newlines = text.count("\n")
    end = (at[0] + newlines, len(text) - text.rfind("\n") - 1 if newlines else at[1] + len(text))
    return Toggle(Change(at, at, text), Change(at, end, ""))


def functions(owner: ast.Module | ast.ClassDef) -> list[Function]:
    """The functions of a class, or those of a module and of its top-level classes."""
    own = [node for node in owner.body if isinstance(node, Function)]
    inner = [] if isinstance(owner, ast.ClassDef) else [n for n in owner.body if isinstance(n, ast.ClassDef)]
    return own + [function for node in inner for function in functions(node)]


def height(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def median(candidates: list[Function]) -> Function:
    """The one of median height; of equals, by place in the file."""
    return sorted(candidates, key=lambda node: (height(node), node.lineno))[len(candidates) // 2]


def largest_class(module: ast.Module) -> ast.ClassDef | None:
    """The tallest top-level class that has a method; None in a file without one."""
    classes = [node for node in module.body if isinstance(node, ast.ClassDef) and functions(node)]
    return max(classes, key=height, default=None)


def identifier_toggles(function: Function, lines: list[str], count: int = 5) -> tuple[Toggle, ...]:
    """A letter typed and deleted at the end of a name that is read, at up to `count` places of it."""
    # before Python 3.12 `ast` misplaces what stands inside an f-string
    formatted = {n for string in ast.walk(function) if isinstance(string, ast.JoinedStr) for n in ast.walk(string)}
    names = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in formatted
    ]
    places = sorted({(node.lineno - 1, node.end_col_offset or 0) for node in names})
    ascii_places = [place for place in places if lines[place[0]].isascii()]
    step = max(1, len(ascii_places) // count)
    return tuple(inserting(place, "x") for place in ascii_places[::step][:count])


def end_of_statement(function: Function, lines: list[str]) -> Position:
    """Behind the middle one of the function's one-line statements."""
    ends = sorted(
        (node.lineno - 1, node.end_col_offset or 0)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.Return)
        and node.lineno == node.end_lineno
        and lines[node.lineno - 1].isascii()
    )
    return ends[len(ends) // 2]


def end_of_import(module: ast.Module, lines: list[str]) -> Position:
    """Behind the top-level imported name that the module uses most: renaming it concerns the most code."""
    uses = Counter(node.id for node in ast.walk(module) if isinstance(node, ast.Name))
    aliases = [
        alias
        for node in module.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if alias.name != "*" and "." not in (alias.asname or alias.name) and lines[alias.lineno - 1].isascii()
    ]
    most = max(aliases, key=lambda alias: uses[alias.asname or alias.name])
    return (most.end_lineno or most.lineno) - 1, most.end_col_offset or 0
