"""What one chunk says to the rest of its file: the names it binds and reads, and what its methods do to attributes."""

import ast
from collections.abc import Iterable
from typing import NamedTuple

from chatbt.analysis.flow import ancestors
from chatbt.analysis.memos import memo, starts
from chatbt.analysis.mutation import changed_item, is_mutated
from chatbt.analysis.outer import ClassFacts, Meaning, dotted, meaning_of, parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.walk import Walked

_NOTHING: dict[str, tuple[Meaning, ...]] = {}


class Summary(NamedTuple):
    """What one chunk says to the rest of its file. `read` holds names, and `Class.attribute` for accesses by them.

    `coroutines`: the word async stands in its text, which every definition and import of a coroutine function has.
    `self_used` are the attributes that methods do anything with but to keep a property's value there; `name=None` says
    that `__init__` sets `name` to None for that.
    """

    bound: dict[str, tuple[Meaning, ...]] = _NOTHING
    read: frozenset[str] = frozenset()
    star: bool = False
    coroutines: bool = False
    class_bound: dict[str, tuple[Meaning, ...]] = _NOTHING
    self_bound: frozenset[str] = frozenset()
    self_mutated: frozenset[str] = frozenset()
    self_used: frozenset[str] = frozenset()
    header: ClassFacts | None = None


def summarise(walked: Walked) -> Summary:
    """The summary of a chunk after its walk."""
    module = walked.module
    bound = {name: tuple(map(meaning_of, nodes)) for name, nodes in module.bindings.items()}
    coroutines = "async" in walked.parsed.text
    names = _free(module)
    _add_members(module, names)
    if "__all__" in bound:
        names |= _exported(module)
    read = frozenset(names)
    if walked.parsed.role == "header" and walked.parsed.body:
        return Summary(bound, read, module.star, coroutines, header=header_facts(walked.parsed.body[0]))
    if walked.body is module:
        return Summary(bound, read, module.star, coroutines)
    class_bound = {name: tuple(map(meaning_of, nodes)) for name, nodes in walked.body.bindings.items()}
    accesses = list(walked.body.self_accesses())
    self_bound, self_mutated = self_uses(accesses)
    used = attribute_uses(walked.body, accesses)
    return Summary(bound, read, module.star, coroutines, class_bound, self_bound, self_mutated, used)


def _free(scope: Scope) -> set[str]:
    """The names that a scope and those inside it read from around it."""
    names = set(scope.loads)
    if scope.kind == "class":
        # A name that a class body reads may be bound by another of its chunks: counting it as read is the safe side.
        names -= scope.bindings.keys()
    for child in scope.children:
        names |= _free(child)
    if scope.kind not in ("class", "module"):
        declared = scope.nonlocals | scope.globals
        names -= scope.bindings.keys() - declared if declared else scope.bindings.keys()
    return names


def _add_members(scope: Scope, names: set[str]) -> None:
    """Add `Name.attribute` wherever an attribute of what may be a class is accessed by the class's name."""
    for name, nodes in scope.loads.items():
        if not name[0].islower():
            for node in nodes:
                around = parent(node)
                if isinstance(around, ast.Attribute):
                    names.add(f"{name}.{around.attr}")
    for child in scope.children:
        _add_members(child, names)


def _exported(module: Scope) -> frozenset[str]:
    names: set[str] = set()
    for node in module.bindings["__all__"]:
        value = getattr(parent(node), "value", None)
        if isinstance(value, ast.List | ast.Tuple):
            names.update(
                one.value for one in value.elts if isinstance(one, ast.Constant) and isinstance(one.value, str)
            )
    return frozenset(names)


def header_facts(node: ast.stmt) -> ClassFacts | None:
    if not isinstance(node, ast.ClassDef):
        return None
    return ClassFacts(
        node.name,
        tuple(dotted(base) or "?" for base in node.bases),
        tuple(keyword.arg or "**" for keyword in node.keywords),
        tuple(dotted(decorator) or "?" for decorator in node.decorator_list),
        frozenset(),
        frozenset(),
    )


def self_uses(accesses: Iterable[ast.Attribute]) -> tuple[frozenset[str], frozenset[str]]:
    """The attributes that methods bind, and that they change in place, through self: as `ClassFacts` has them."""
    bound: set[str] = set()
    mutated: set[str] = set()
    for node in accesses:
        name, around = node.attr, parent(node)
        if not isinstance(node.ctx, ast.Load):
            bound.add(name)
        if isinstance(around, ast.Call) and around.func is node:
            continue
        if name == "__class__":
            if isinstance(around, ast.Attribute):
                mutated.add(f"cls.{around.attr}")
        elif _is_through_class(node):
            mutated.add(f"cls.{name}")
        elif is_mutated(node):
            mutated.add(name)
        elif changed_item(node) is not None:
            mutated.add(f"{name}[]")
    return frozenset(bound), frozenset(mutated)


def attribute_uses(scope: Scope, accesses: Iterable[ast.Attribute]) -> frozenset[str]:
    """What methods of a class use their attributes for: as `Summary` has it."""
    kept, started = _kept(scope)
    used = {node.attr for node in accesses if node not in kept.get(node.attr, ())}
    return frozenset(used | {f"{name}=None" for name in started})


def _kept(scope: Scope) -> tuple[dict[str, set[ast.AST]], set[str]]:
    """The accesses by which the properties of a class keep their values, by attribute, and what starts as None."""
    kept: dict[str, set[ast.AST]] = {}
    started: set[str] = set()
    for child in scope.children:
        if found := memo(child.node):
            parts = (found.test.test, *found.test.body, found.result)
            nodes = (node for part in parts for node in ast.walk(part) if isinstance(node, ast.Attribute))
            kept.setdefault(found.attribute, set()).update(node for node in nodes if node.attr == found.attribute)
        for name, statement in starts(child.node).items():
            kept.setdefault(name, set()).add(statement.targets[0])
            started.add(name)
    return kept, started


def _is_through_class(node: ast.Attribute) -> bool:
    """Whether an access through a method's first parameter goes to the class: the parameter of a class method."""
    if not isinstance(node.value, ast.Name) or node.value.id == "self":
        return False
    if node.value.id == "cls":
        return True
    methods = [one for one in ancestors(node) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    return any(dotted(decorator) == "classmethod" for one in methods for decorator in one.decorator_list)
