"""Names and scopes of one chunk, and the way out of it: what other chunks say of a module's or a class's names."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from chatbt.analysis.outer import ClassFacts, Meaning, Outer, meaning_of, parent

if TYPE_CHECKING:
    from chatbt.analysis.walk import Walked

_NO_NAMES: frozenset[str] = frozenset()

ScopeKind = Literal["module", "class", "function", "lambda", "comprehension"]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a file beside its text: the oldest Python it is for, and what kind of file it is."""

    target: tuple[int, int] = (3, 11)
    stub: bool = False
    test: bool = False
    notebook: bool = False


class Scope:
    """A namespace of the chunk. `bindings` and `loads` map each name to the nodes that bind or read it here.

    A binding node is a `Name` (stored or deleted), `arg`, `alias`, definition, `ExceptHandler` or match pattern.
    A module's or class's scope holds what this chunk binds there; `outer` knows the other chunks.
    """

    __slots__ = (
        "bindings", "children", "chunk", "dynamic", "globals", "kind", "loads", "loops", "meanings", "node",
        "nonlocals", "outer", "parent", "receiver", "resolved", "star",
    )  # fmt: skip

    def __init__(self, kind: ScopeKind, node: ast.AST | None, parent: "Scope | None", outer: Outer) -> None:
        self.kind = kind
        self.node = node
        self.parent = parent
        self.outer = outer
        self.chunk: Walked | None = parent.chunk if parent is not None else None
        self.bindings: dict[str, list[ast.AST]] = {}
        self.loads: dict[str, list[ast.Name]] = {}
        self.globals: frozenset[str] = _NO_NAMES
        self.nonlocals: frozenset[str] = _NO_NAMES
        self.children: list[Scope] = []
        self.dynamic = False  # exec, eval, locals or vars is called here
        self.loops = False  # a `for` or `while` statement stands here
        self.star = False  # `from x import *` stands here
        self.receiver: tuple[str, Scope] | None = None  # (name of self or cls, its class)
        self.meanings: dict[str, tuple[Meaning, ...]] = {}  # of this scope's variables, once asked
        self.resolved: dict[str, str | None] = {}  # what names refer to, once asked
        if parent is not None:
            parent.children.append(self)

    @property
    def module(self) -> "Scope":
        """The scope of the module."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    @property
    def function(self) -> "Scope | None":
        """The scope of the nearest `def` or lambda around or at this one, if no class stands between."""
        scope: Scope | None = self
        while scope is not None and scope.kind == "comprehension":
            scope = scope.parent
        return scope if scope is not None and scope.kind in ("function", "lambda") else None

    @property
    def file(self) -> FileFacts:
        """What is known of the file this scope is part of."""
        return self.chunk.file if self.chunk is not None else FileFacts()

    def class_facts(self) -> ClassFacts:
        """The class whose body this scope is, as all its chunks see it."""
        return self.outer.class_facts(self)

    @property
    def is_async(self) -> bool:
        """Whether code of this scope runs in an `async def`."""
        function = self.function
        return function is not None and isinstance(function.node, ast.AsyncFunctionDef)

    def self_accesses(self) -> Iterator[ast.Attribute]:
        """Of a class: the accesses in this chunk through a method's self or cls."""
        pending = list(self.children)
        while pending:
            scope = pending.pop()
            pending += scope.children
            if scope.receiver is None or scope.receiver[1] is not self:
                continue
            for load in scope.loads.get(scope.receiver[0], ()):
                around = parent(load)
                if isinstance(around, ast.Attribute):
                    yield around

    def find(self, name: str) -> "Scope":
        """The scope whose variable `name` is, seen from here; the module's where no other binds it."""
        scope: Scope | None = self
        while scope is not None and scope.parent is not None:
            visible = scope is self or scope.kind != "class"
            if visible and name in scope.globals:
                return self.module
            if visible and name in scope.bindings and name not in scope.nonlocals:
                return scope
            if scope.kind == "class" and scope is self and self.outer.binds_in_class(scope, name):
                return scope
            scope = scope.parent
        return self.module

    def bindings_of(self, name: str) -> list[ast.AST]:
        """The nodes of this chunk that bind the variable `name` refers to, seen from here."""
        return self.find(name).bindings.get(name, [])

    def meanings_of(self, name: str) -> tuple[Meaning, ...]:
        """Everything the variable `name`, seen from here, can stand for, other chunks included; () if unbound."""
        owner = self.find(name)
        if name not in owner.meanings:
            local = tuple(meaning_of(node) for node in owner.bindings.get(name, ()))
            owner.meanings[name] = local + owner.elsewhere(name)
        return owner.meanings[name]

    def elsewhere(self, name: str) -> tuple[Meaning, ...]:
        """What other chunks bind `name` to in this module's or class's scope; () for any other scope."""
        if self.kind == "module":
            return self.outer.meanings(name)
        if self.kind == "class":
            return self.outer.class_meanings(self, name)
        return ()

    def used_elsewhere(self, name: str) -> bool:
        """Whether another chunk reads the module-level `name`, or `__all__` may export it.

        `Class.attribute` asks for an access by the class's name.
        """
        return self.kind == "module" and self.outer.used(name)

    def seen_from(self, name: str) -> Iterator["Scope"]:
        """The inner scopes, however deep, in which `name` is this scope's variable."""
        for child in self.children:
            yield from child._seeing(name, self)

    def _seeing(self, name: str, owner: "Scope") -> Iterator["Scope"]:
        # A class body may read the name around it before it binds its own; its functions never see the class's.
        in_class = self.kind == "class"
        if self.find(name) is owner or in_class:
            if not in_class or self.parent is None or self.parent.find(name) is owner:
                yield self
            for child in self.children:
                yield from child._seeing(name, owner)

    def all_loads(self, name: str) -> Iterator[ast.Name]:
        """Every read of this scope's variable `name` in this chunk, inner scopes included."""
        yield from self.loads.get(name, ())
        for scope in self.seen_from(name):
            yield from scope.loads.get(name, ())

    def captures(self, name: str) -> bool:
        """Whether an inner function, lambda or class of this chunk reads or rebinds this scope's `name`."""
        return any(
            name in scope.loads or name in scope.nonlocals or name in scope.globals
            for scope in self.seen_from(name)
            if scope.kind != "comprehension"
        )

    def free(self, name: str) -> bool:
        """Whether `name` is unused here and in every inner scope, so that a new variable can take it."""
        return (
            name not in self.bindings
            and name not in self.loads
            and name not in self.globals | self.nonlocals
            and not self.elsewhere(name)
            and all(child.free(name) for child in self.children)
        )

    def module_imports(self) -> Iterator[tuple[str, tuple[Meaning, ...]]]:
        """The module-level names of the whole file that imports bind, with their meanings."""
        module = self.module
        names = {name for name, nodes in module.bindings.items() if isinstance(nodes[0], ast.alias)}
        for name in sorted(names | self.outer.imported_names()):
            meanings = module.meanings_of(name)
            if meanings and meanings[0].kind == "import":
                yield name, meanings
