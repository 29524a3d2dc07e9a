"""Makes other code of code: other names, other literals, other surroundings. Whether it still says the same to a
detector is for the detector to see.
"""

import ast
import asyncio
import builtins
import collections
import contextlib
import datetime as dt
import io
import keyword
import logging
import pathlib
import re
import sqlite3
import subprocess
import textwrap
import threading
import tokenize
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from training.names import Vocabulary, library_files

_KINDS: Sequence[type] = (
    str, bytes, bytearray, list, tuple, dict, set, int, float, object, type, io.TextIOWrapper, BaseException,
    pathlib.Path, dt.datetime, dt.timedelta, re.Pattern, re.Match, subprocess.Popen, logging.Logger,
    collections.deque, collections.Counter, contextlib.ExitStack, asyncio.Task, asyncio.AbstractEventLoop,
    sqlite3.Connection, sqlite3.Cursor, threading.Thread, threading.Condition,
)  # fmt: skip
_METHODS = frozenset(name for kind in _KINDS for name in dir(kind))
_STEM = re.compile(r"(_*(?:get_|set_|is_|has_|del_)?)(.+)")
_FIXED = frozenset([*dir(builtins), *keyword.kwlist, *keyword.softkwlist, "self", "cls", "__class__"])
_IN_BRACES = re.compile(r"\{[^{}\n]*\}")
_NAME = re.compile(r"(?<![\w.'\"])[A-Za-z_]\w*")
_PLAIN_WORD = re.compile(r"[A-Za-z]{4,}")


def mutated(code: str, random: Random, vocabulary: Vocabulary) -> str | None:
    """Other code with the same shape, or None if it could not be made."""
    try:
        tree = ast.parse(code)
        if random.random() < 0.5:
            code = _wrapped(code, tree, random, vocabulary)
            tree = ast.parse(code)
        if random.random() < 0.6:
            code = _surrounded(code, tree, random)
            tree = ast.parse(code)
        code = _renamed(code, tree, random, vocabulary)
        ast.parse(code)
    except (SyntaxError, ValueError, tokenize.TokenError):
        return None
    return code


@dataclass(frozen=True, slots=True)
class _Known:
    """Which names must stay, and which the code binds or sets itself."""

    fixed: frozenset[str]
    bound: frozenset[str]


def _known(tree: ast.Module) -> _Known:
    imported: set[str] = set()
    given: set[str] = set()
    bound: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                imported.update((alias.asname or alias.name).split("."), alias.name.split("."))
            imported.update((getattr(node, "module", None) or "").split("."))
        elif isinstance(node, ast.keyword) and node.arg:
            given.add(node.arg)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            bound.add(node.id if isinstance(node, ast.Name) else node.attr)
    parameters = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return _Known(_FIXED | imported | (given - parameters), frozenset(bound))


def _modules(tree: ast.Module) -> frozenset[str]:
    """Names that stand for what was imported: their attributes are not ours to rename."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    return frozenset(found)


class _Others:
    """The other name of each name: one stem, one other stem, so that `get_x`, `_x` and `x` stay together."""

    def __init__(self, code: str, random: Random, vocabulary: Vocabulary) -> None:
        self._stems: dict[str, str] = {}
        self._used = set(_NAME.findall(code))
        self._random, self._vocabulary = random, vocabulary

    def of(self, name: str) -> str:
        """The other name of `name`; seldom the same."""
        found = _STEM.fullmatch(name)
        prefix, stem = (found.group(1), found.group(2)) if found and not name.endswith("__") else ("", name)
        if stem in _FIXED:
            return name
        if stem not in self._stems:
            self._stems[stem] = self._new(stem)
            self._used.add(self._stems[stem])
        return prefix + self._stems[stem]

    def _new(self, stem: str) -> str:
        for _ in range(5):
            new = self._vocabulary.name_like(stem)
            if (
                self._random.random() < 0.9
                and new not in self._used
                and not keyword.iskeyword(new)
                and new not in _FIXED
            ):
                return new
        return stem


Piece = tuple[tuple[int, int], tuple[int, int], str]


def _renamed(code: str, tree: ast.Module, random: Random, vocabulary: Vocabulary) -> str:
    lines = code.splitlines(keepends=True)
    for (line, column), (end_line, end_column), new in reversed(list(_pieces(code, tree, random, vocabulary))):
        text = lines[line - 1][:column] + new + lines[end_line - 1][end_column:]
        lines[line - 1 : end_line] = text.splitlines(keepends=True)
    return "".join(lines)


def _pieces(code: str, tree: ast.Module, random: Random, vocabulary: Vocabulary) -> Iterator[Piece]:
    """What is put where, in the order of the text: names, words of strings and comments, numbers."""
    known, modules = _known(tree), _modules(tree)
    others = _Others(code, random, vocabulary)
    in_text = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - known.fixed

    def in_braces(found: re.Match[str]) -> str:
        return _NAME.sub(lambda one: others.of(one.group()) if one.group() in in_text else one.group(), found.group())

    before = ["", ""]
    in_module = False  # whether the last name is a module's, or something in it
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        text = new = token.string
        if token.type == tokenize.NAME:
            if before[-1] == ".":
                is_own = text in known.bound and before[-2] == "self"
                kept = in_module or text in _FIXED or (text in _METHODS and not is_own)
            else:
                kept = text in known.fixed
                in_module = text in modules
            if not kept and not (text.startswith("__") and text.endswith("__")):
                new = others.of(text)
        elif token.type == tokenize.STRING:
            new = _string(text, in_braces, random, vocabulary)
        elif token.type == tokenize.COMMENT:
            new = "# " + " ".join(vocabulary.word() for _ in range(random.randint(1, 4)))
        elif token.type == tokenize.NUMBER and text.isdigit() and int(text) >= 3 and random.random() < 0.4:
            new = str(random.randint(3, 99))
        if new != text:
            yield token.start, token.end, new
        if token.type not in (tokenize.NL, tokenize.COMMENT):
            before = [before[-1], text]


def _string(text: str, in_braces: Callable[[re.Match[str]], str], random: Random, vocabulary: Vocabulary) -> str:
    """A string with other words; of a template only the names in braces are others."""
    prefix = text[: len(text) - len(text.lstrip("rRbBfFuU"))].lower()
    if "f" in prefix or "%" in text or "\\" in text or "{" in text:
        return _IN_BRACES.sub(in_braces, text)
    if random.random() < 0.5:
        return text
    body = text[len(prefix) :]
    return text[: len(prefix)] + _PLAIN_WORD.sub(lambda found: _cased(found.group(), vocabulary), body)


def _cased(word: str, vocabulary: Vocabulary) -> str:
    new = vocabulary.word()
    return new.upper() if word.isupper() else new.capitalize() if word[0].isupper() else new


def _free(tree: ast.Module) -> list[str]:
    """Names that are read and never bound, in order."""
    bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    bound |= _known(tree).fixed | _known(tree).bound
    loaded = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    return [name for name in dict.fromkeys(loaded) if name not in bound]


def _wrapped(code: str, tree: ast.Module, random: Random, vocabulary: Vocabulary) -> str:
    """Statements in a function, or a function in a class."""
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    rest = tree.body[len(imports) :]
    if tree.body[: len(imports)] != imports or not rest or "\t" in code or '"""' in code or "\\\n" in code:
        return code
    lines = code.splitlines(keepends=True)
    first = min([rest[0].lineno, *(one.lineno for one in getattr(rest[0], "decorator_list", ()))]) - 1
    head, body = "".join(lines[:first]), "".join(lines[first:])
    gap = "\n\n" if head.strip() else ""
    if not any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) for node in rest):
        if any(isinstance(node, ast.Global | ast.Nonlocal) for node in ast.walk(tree)):
            return code
        parameters = ", ".join(_free(tree)[:5])
        awaits = any(isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) for node in ast.walk(tree))
        define = "async def" if awaits else "def"
        name = vocabulary.name_like("function")
        return f"{head}{gap}{define} {name}({parameters}):\n{textwrap.indent(body, '    ')}"
    if len(rest) == 1 and isinstance(rest[0], ast.FunctionDef | ast.AsyncFunctionDef) and random.random() < 0.5:
        function = rest[0]
        if function.decorator_list or function.args.posonlyargs or re.match(r"(async )?def \w+\(", body) is None:
            return code
        empty = re.match(r"(async )?def \w+\(\s*\)", body) is not None
        with_self = re.sub(r"\(", "(self" if empty else "(self, ", body, count=1)
        name = vocabulary.name_like("Class")
        return f"{head}{gap}class {name}:\n{textwrap.indent(with_self, '    ')}"
    return code


def _surrounded(code: str, tree: ast.Module, random: Random) -> str:
    """Other statements at the start or the end of a function's body, or of the module."""
    blocks: list[Sequence[ast.stmt]] = [
        node.body for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    body = random.choice(blocks) if blocks else tree.body
    if not body:
        return code
    lines = code.splitlines(keepends=True)
    if not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    places = []
    first = body[0]
    starts_with_doc = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    if not starts_with_doc and not isinstance(first, ast.ImportFrom):
        places.append(min([first.lineno, *(one.lineno for one in getattr(first, "decorator_list", ()))]) - 1)
    if not isinstance(body[-1], ast.Return | ast.Raise | ast.Continue | ast.Break):
        places.append(body[-1].end_lineno or body[-1].lineno)
    if not places:
        return code
    for place in sorted(places, reverse=True):
        if random.random() < 0.65:
            near = lines[min(place, len(lines) - 1)] if place == places[0] else lines[body[-1].lineno - 1]
            indent = near[: len(near) - len(near.lstrip())]
            indent = " " * body[0].col_offset if len(indent) != body[0].col_offset else indent
            chosen = random.sample(neutral(), random.randint(1, 3))
            lines[place:place] = [f"{indent}{one}\n" for one in chosen]
    return "".join(lines)


@cache
def neutral() -> Sequence[str]:
    """Short statements of the standard library that can stand anywhere in a function."""
    found: dict[str, None] = {}
    for file in library_files():
        text = file.read_text(encoding="utf-8", errors="replace")
        for line in text.splitlines():
            if line.startswith(" ") and 8 <= len(line.strip()) <= 60:
                found.update(dict.fromkeys(_simple(line.strip())))
    return list(found)[:: max(len(found) // 6000, 1)]


_SHAPE = re.compile(r"^[a-z_][\w.]*(\(.*\)| [-+]?= .+)$")


def _simple(line: str) -> Iterator[str]:
    """The line, if it is an assignment or a call with nothing in it that means something elsewhere."""
    if not _SHAPE.match(line) or line.endswith((":", ",", "\\", "(")) or "self" in line or "super" in line:
        return
    if any(word in line for word in ("await ", "yield", "return", "lambda", "print", "open(", "assert", "#")):
        return
    try:
        tree = ast.parse(line)
    except SyntaxError:
        return
    if len(tree.body) == 1 and isinstance(tree.body[0], ast.Assign | ast.AugAssign | ast.Expr):
        yield line
