"""Finds the patterns: every module in the specialists' folders that makes one."""

import ast
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module

from chatbt.specialists.pattern import Pattern

_FOLDERS = ("critic", "pythonic", "stdlib")


@cache
def patterns() -> Mapping[str, Pattern]:
    """All patterns by id, in order of id."""
    found: list[Pattern] = []
    for folder in _FOLDERS:
        try:
            package = import_module(f"chatbt.specialists.{folder}")
        except ModuleNotFoundError:
            continue
        for info in pkgutil.iter_modules(package.__path__):
            module = import_module(f"{package.__name__}.{info.name}")
            found += [value for value in vars(module).values() if isinstance(value, Pattern)]
    return {pattern.id: pattern for pattern in sorted(found, key=lambda pattern: pattern.id)}


@cache
def names() -> Mapping[str, str]:
    """Every id, name and former name of a pattern, and the id it means today."""
    table = {}
    for pattern in patterns().values():
        table.update(dict.fromkeys((pattern.id, pattern.name, *pattern.formerly), pattern.id))
    return table


@cache
def standard_names() -> Mapping[str, Pattern]:
    """The names of the standard library that a pattern says something of, and the pattern."""
    found: dict[str, Pattern] = {}
    for pattern in patterns().values():
        found.update({name: pattern for name in pattern.names if name not in found})
    return found


class Table:
    """Which of `chosen` patterns want to see which nodes."""

    def __init__(self, chosen: Iterable[Pattern]) -> None:
        self.by_type: dict[type[ast.AST], list[Pattern]] = {}
        self.by_callee: dict[str, list[Pattern]] = {}
        self.by_method: dict[str, list[Pattern]] = {}
        self.has_yielding = False
        for pattern in chosen:
            self.has_yielding = self.has_yielding or bool(pattern.yields_to)
            for name in pattern.calls:
                self.by_callee.setdefault(name, []).append(pattern)
            for name in pattern.methods:
                self.by_method.setdefault(name, []).append(pattern)
            narrowed = pattern.calls or pattern.methods
            for kind in pattern.wants:
                if kind is not ast.Call or not narrowed:
                    self.by_type.setdefault(kind, []).append(pattern)
        self.last_parts = frozenset(name.rpartition(".")[2] for name in self.by_callee)
        called = self.by_callee or self.by_method
        self.interest = frozenset(self.by_type) | ({ast.Call} if called else set())
