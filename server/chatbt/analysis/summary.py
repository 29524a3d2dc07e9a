"""What one chunk says to the rest of its file: the names it binds and reads, and what its methods do to attributes."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from chatbt.analysis.flow import ancestors
from chatbt.analysis.mutation import changed_item, is_mutated
from chatbt.analysis.outer import ClassFacts, Meaning, dotted, meaning_of, parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.walk import Walked


@dataclass(frozen=True, slots=True)
class Summary:
    """What one chunk says to the rest of its file. `read` holds names, and `Class.attribute` for accesses by them."""

    bound: dict[str, tuple[Meaning, ...]] = field(default_factory=dict)
    read: frozenset[str] = frozenset()
    star: bool = False
    class_bound: dict[str, tuple[Meaning, ...]] = field(default_factory=dict)
    self_bound: frozenset[str] = frozenset()
    self_mutated: frozenset[str] = frozenset()
    header: ClassFacts | None = None


def summarise(walked: Walked) -> Summary:
    """The summary of a chunk after its walk."""
    module = walked.module
    bound = {name: tuple(map(meaning_of, nodes)) for name, nodes in module.bindings.items()}
    read = frozenset(_free(module)) | frozenset(_members(module))
    if "__all__" in bound:
        read |= _exported(module)
    if walked.parsed.role == "header" and walked.parsed.body:
        return Summary(bound, read, module.star, header=header_facts(walked.parsed.body[0]))
    if walked.body is module:
        return Summary(bound, read, module.star)
    class_bound = {name: tuple(map(meaning_of, nodes)) for name, nodes in walked.body.bindings.items()}
    self_bound, self_mutated = self_uses(walked.body)
    return Summary(bound, read, module.star, class_bound, self_bound, self_mutated)


def _free(scope: Scope) -> set[str]:
    """The names that a scope and those inside it read from around it."""
    names: set[str] = set()
    for child in scope.children:
        names |= _free(child)
    if scope.kind != "class":
        names |= scope.loads.keys()
        return names - (scope.bindings.keys() - scope.nonlocals - scope.globals) if scope.kind != "module" else names
    # A name that a class body reads may be bound by another of its chunks: counting it as read is the safe side.
    return names | (scope.loads.keys() - scope.bindings.keys())


def _members(scope: Scope) -> Iterator[str]:
    """`Name.attribute` wherever an attribute of what may be a class is accessed by the class's name."""
    for name, nodes in scope.loads.items():
        if name[0].isupper() or name[0] == "_":
            for node in nodes:
                around = parent(node)
                if isinstance(around, ast.Attribute):
                    yield f"{name}.{around.attr}"
    for child in scope.children:
        yield from _members(child)


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


def self_uses(scope: Scope) -> tuple[frozenset[str], frozenset[str]]:
    """The attributes that methods bind, and that they change in place, through self: as `ClassFacts` has them."""
    bound: set[str] = set()
    mutated: set[str] = set()
    for name, nodes in scope.self_attributes().items():
        for node in nodes:
            if not isinstance(node.ctx, ast.Load):
                bound.add(name)
            if name == "__class__":
                mutated.update(f"cls.{one.attr}" for one in [parent(node)] if isinstance(one, ast.Attribute))
            elif _is_through_class(node):
                mutated.add(f"cls.{name}")
            elif is_mutated(node):
                mutated.add(name)
            elif changed_item(node) is not None:
                mutated.add(f"{name}[]")
    return frozenset(bound), frozenset(mutated)


def _is_through_class(node: ast.Attribute) -> bool:
    """Whether an access through a method's first parameter goes to the class: the parameter of a class method."""
    if not isinstance(node.value, ast.Name) or node.value.id == "self":
        return False
    if node.value.id == "cls":
        return True
    methods = [one for one in ancestors(node) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    return any(dotted(decorator) == "classmethod" for one in methods for decorator in one.decorator_list)
