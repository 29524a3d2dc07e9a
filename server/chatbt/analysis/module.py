"""The link phase: what the chunks of one file bind and read at module and class level, put together.

Each chunk contributes a `Summary` that says nothing of positions. When a chunk is replaced, only the names whose
contributions differ have new answers; the chunks that had asked for them are analysed again.
"""

import ast
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any, TypeVar

from chatbt.analysis.outer import ClassFacts, Meaning, Uses
from chatbt.analysis.scopes import Scope
from chatbt.analysis.summary import Summary, attribute_uses, header_facts, self_uses

_Key = tuple[Hashable, ...]
_Name = TypeVar("_Name")


class Module:
    """The summaries of all chunks of a file, and the questions that chunks asked."""

    def __init__(self) -> None:
        self._bound: dict[str, dict[int, tuple[Meaning, ...]]] = {}
        self._read: dict[str, set[int]] = {}
        self._star: set[int] = set()
        self._coroutines: set[int] = set()
        self._classes: dict[int, dict[int, Summary]] = {}
        self._class_bound: dict[tuple[int, str], dict[int, tuple[Meaning, ...]]] = {}
        self._summaries: dict[int, tuple[Summary, int]] = {}
        self._answers: dict[Hashable, Callable[..., object]] = {
            "bound": self.meanings,
            "read": self.used,
            "star": self.star,
            "coroutines": self.coroutines,
            "class": self.class_meanings,
            "facts": lambda owner, _: self.class_facts(owner),
            "attribute": lambda owner, name, _: self.attribute(owner, name),
        }

    def add(self, chunk: int, summary: Summary, owner: int = 0) -> None:
        """Take the summary of a chunk that has none yet, before any question is asked."""
        for name, meanings in summary.bound.items():
            self._bound.setdefault(name, {})[chunk] = meanings
        for name in summary.read:
            self._read.setdefault(name, set()).add(chunk)
        if summary.star:
            self._star.add(chunk)
        if summary.coroutines:
            self._coroutines.add(chunk)
        if owner or summary.header:
            key = owner or chunk
            self._classes.setdefault(key, {})[chunk] = summary
            for name, meanings in summary.class_bound.items():
                self._class_bound.setdefault((key, name), {})[chunk] = meanings
        self._summaries[chunk] = (summary, owner)

    def replace(self, chunk: int, summary: Summary | None, owner: int = 0) -> set[_Key]:
        """Take `summary` (None: nothing any more) for the chunk's; the keys of the answers that may be others now.

        Chunks are named by any number that stays theirs; `owner` is the class header's, 0 outside classes.
        """
        old, old_owner = self._summaries.pop(chunk, (Summary(), owner))
        new = summary or Summary()
        changed: set[_Key] = set()
        for name in old.bound.keys() | new.bound.keys():
            if old.bound.get(name) != new.bound.get(name):
                changed.add(("bound", name))
                _put(self._bound, name, chunk, new.bound.get(name))
        for name in old.read ^ new.read:
            changed.add(("read", name))
            readers = self._read.setdefault(name, set())
            (readers.add if name in new.read else readers.discard)(chunk)
        if old.star != new.star:
            changed.add(("star",))
            (self._star.add if new.star else self._star.discard)(chunk)
        if old.coroutines != new.coroutines:
            changed.add(("coroutines",))
            (self._coroutines.add if new.coroutines else self._coroutines.discard)(chunk)
        if owner or old_owner or old.header or new.header:
            changed |= self._replace_in_class(chunk, old, old_owner, new if summary else None, owner)
        if summary is not None:
            self._summaries[chunk] = (new, owner)
        return changed

    def _replace_in_class(self, chunk: int, old: Summary, old_owner: int, new: Summary | None, owner: int) -> set[_Key]:
        changed: set[_Key] = set()
        if old_owner in self._classes:
            self._classes[old_owner].pop(chunk, None)
        if new is None and old.header is not None:
            self._classes.pop(chunk, None)
        key = owner or (chunk if new and new.header else old_owner)
        if new is not None:
            self._classes.setdefault(key, {})[chunk] = new
        current = new or Summary()
        for name in old.class_bound.keys() | current.class_bound.keys():
            if old_owner != key:
                self._class_bound.get((old_owner, name), {}).pop(chunk, None)
            if old.class_bound.get(name) != current.class_bound.get(name) or old_owner != key:
                changed.add(("class", key, name))
                _put(self._class_bound, (key, name), chunk, current.class_bound.get(name))
        if _facts(old) != _facts(current):
            changed.add(("facts", key))
        for use in old.self_used ^ current.self_used:
            changed.add(("attribute", key, use.removesuffix("=None")))
        return changed

    def copy(self) -> "Module":
        """An independent module with the same summaries."""
        other = Module()
        other._bound = {name: dict(chunks) for name, chunks in self._bound.items()}
        other._read = {name: set(chunks) for name, chunks in self._read.items()}
        other._star = set(self._star)
        other._coroutines = set(self._coroutines)
        other._class_bound = {name: dict(chunks) for name, chunks in self._class_bound.items()}
        other._classes = {key: dict(members) for key, members in self._classes.items()}
        other._summaries = dict(self._summaries)
        return other

    def answer(self, key: _Key, chunk: int) -> object:
        """What the answer to a question that `chunk` asked is now."""
        question, *about = key
        return self._answers[question](*about, chunk)

    def meanings(self, name: str, chunk: int) -> tuple[Meaning, ...]:
        chunks = self._bound.get(name)
        if not chunks:
            return ()
        return _others(chunks, chunk)

    def used(self, name: str, chunk: int) -> bool:
        readers = self._read.get(name)
        return bool(readers) and readers != {chunk}

    def star(self, chunk: int) -> bool:
        return bool(self._star - {chunk})

    def coroutines(self, chunk: int) -> bool:
        return bool(self._coroutines - {chunk})

    def imported_names(self) -> frozenset[str]:
        return frozenset(
            name
            for name, chunks in self._bound.items()
            if any(one.kind == "import" for m in chunks.values() for one in m)
        )

    def class_meanings(self, owner: int, name: str, chunk: int) -> tuple[Meaning, ...]:
        chunks = self._class_bound.get((owner, name))
        if not chunks:
            return ()
        return _others(chunks, chunk)

    def attribute(self, owner: int, name: str) -> Uses:
        members = self._classes.get(owner, {})
        return _uses(name, frozenset().union(*(one.self_used for one in members.values())))

    def class_facts(self, owner: int) -> ClassFacts:
        members = self._classes.get(owner, {})
        header = next((one.header for one in members.values() if one.header), None)
        return ClassFacts(
            header.name if header else "",
            header.bases if header else ("?",),
            header.keywords if header else (),
            header.decorators if header else ("?",),
            frozenset().union(*(one.self_bound for one in members.values())),
            frozenset().union(*(one.self_mutated for one in members.values())),
            frozenset().union(*(one.class_bound for one in members.values())),
        )


def _facts(summary: Summary) -> tuple[object, ...]:
    """What a chunk adds to the facts of its class."""
    return summary.self_bound, summary.self_mutated, summary.class_bound.keys(), summary.header


def _uses(name: str, found: frozenset[str]) -> Uses:
    return Uses(f"{name}=None" in found, name in found)


def _others(chunks: dict[int, tuple[Meaning, ...]], asking: int) -> tuple[Meaning, ...]:
    """What chunks say but the one that asks, in an order that does not depend on the order of edits."""
    found = [one for key, meanings in chunks.items() if key != asking for one in meanings]
    return tuple(found if len(found) < 2 else sorted(found))


def _put(
    table: dict[_Name, dict[int, tuple[Meaning, ...]]], name: _Name, chunk: int, value: tuple[Meaning, ...] | None
) -> None:
    if value is None:
        table.get(name, {}).pop(chunk, None)
    else:
        table.setdefault(name, {})[chunk] = value


class View:
    """`Outer` for one chunk of a `Module`. `asked` maps each question to its answer, for as long as both hold."""

    __slots__ = ("asked", "chunk", "module", "owner")

    def __init__(self, module: Module, chunk: int, owner: int) -> None:
        self.module = module
        self.chunk = chunk
        self.owner = owner
        self.asked: dict[_Key, object] = {}

    def meanings(self, name: str) -> tuple[Meaning, ...]:
        found: tuple[Meaning, ...] = self._ask(("bound", name))
        return found

    def used(self, name: str) -> bool:
        return bool(self._ask(("read", name)))

    def star(self) -> bool:
        return bool(self._ask(("star",)))

    def coroutines(self) -> bool:
        return bool(self._ask(("coroutines",)))

    def _ask(self, key: _Key) -> Any:
        if key not in self.asked:
            self.asked[key] = self.module.answer(key, self.chunk)
        return self.asked[key]

    def imported_names(self) -> frozenset[str]:
        return self.module.imported_names()

    def binds_in_class(self, scope: Scope, name: str) -> bool:
        return bool(self.class_meanings(scope, name))

    def class_meanings(self, scope: Scope, name: str) -> tuple[Meaning, ...]:
        if not self._is_split(scope):
            return ()
        found: tuple[Meaning, ...] = self._ask(("class", self.owner, name))
        return found

    def class_facts(self, scope: Scope) -> ClassFacts:
        if not self._is_split(scope):
            header = header_facts(scope.node) if isinstance(scope.node, ast.ClassDef) else None
            bound, mutated = self_uses(scope.self_accesses())
            whole = header or ClassFacts("", (), (), (), frozenset(), frozenset())
            return replace(whole, self_bound=bound, self_mutated=mutated, members=frozenset(scope.bindings))
        facts: ClassFacts = self._ask(("facts", self.owner))
        return facts

    def attribute(self, scope: Scope, name: str) -> Uses:
        if not self._is_split(scope):
            return _uses(name, attribute_uses(scope, scope.self_accesses()))
        found: Uses = self._ask(("attribute", self.owner, name))
        return found

    def _is_split(self, scope: Scope) -> bool:
        """Whether `scope` is the class whose members are chunks of their own, one of which this is."""
        return bool(self.owner) and scope.kind == "class" and scope.parent is scope.module
