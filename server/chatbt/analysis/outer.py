"""What a chunk knows of the rest of its file: the meanings of module-level and class-level names.

A `Meaning` says nothing of where the name is bound, so an edit elsewhere that changes no meaning changes no answer.
Every question a chunk asks is recorded with its answer: it is analysed again when an answer changes, and only then.
"""

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from chatbt.analysis.scopes import Scope


class Meaning(NamedTuple):
    """What one binding makes of a name.

    `kind` is import, function, async function, async generator, class or value. `target` is an import's dotted path,
    a definition's decorators or class's bases as written (comma-separated), a value's name as written or that of its
    callee with `()` behind it. `type` is the type that a value's display or literal has, and `constant` whether it is
    a literal; the `type` of an import in `if TYPE_CHECKING:`, which does not run, is "typing".
    """

    kind: str
    target: str = ""
    type: str = ""
    constant: bool = False


_SOMETHING = Meaning("value")


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """A class as all its chunks together see it. `bases` and `decorators` as written; sets of attribute names.

    `members` are the names that the class body binds. `self_mutated` are the attributes that are changed in place;
    `name[]` says that an item of `name` is, and `cls.name` that methods reach `name` through the class.
    """

    name: str
    bases: tuple[str, ...]
    keywords: tuple[str, ...]
    decorators: tuple[str, ...]
    self_bound: frozenset[str]
    self_mutated: frozenset[str]
    members: frozenset[str] = frozenset()


class Uses(NamedTuple):
    """Whether an `__init__` sets an attribute to None, and whether anything else uses it but to keep a value there."""

    started: bool
    used: bool


class Outer(Protocol):
    """The other chunks of a file, as one chunk sees them."""

    def meanings(self, name: str) -> tuple[Meaning, ...]:
        """What other chunks bind the module's `name` to."""

    def used(self, name: str) -> bool:
        """Whether another chunk reads the module's `name`, or it may be exported by `__all__`."""

    def imported_names(self) -> frozenset[str]:
        """The module-level names that other chunks import. For edits: the answer is not recorded."""

    def star(self) -> bool:
        """Whether another chunk holds `from x import *`."""

    def coroutines(self) -> bool:
        """Whether another chunk may define or import a coroutine function."""

    def binds_in_class(self, scope: "Scope", name: str) -> bool:
        """Whether another chunk of the class `scope` binds `name` in its body."""

    def class_meanings(self, scope: "Scope", name: str) -> tuple[Meaning, ...]:
        """What other chunks of the class `scope` bind `name` to in its body."""

    def class_facts(self, scope: "Scope") -> ClassFacts:
        """The class whose body `scope` is."""

    def attribute(self, scope: "Scope", name: str) -> Uses:
        """What methods of the class `scope` use their own attribute `name` for."""


def dotted(node: ast.AST | None) -> str:
    """`a.b.c` as written, the callee's name for a call, "" for anything else."""
    parts: list[str] = []
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Subscript):
        node = node.value
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


_DISPLAYS: dict[type[ast.expr], str] = {
    ast.List: "list",
    ast.ListComp: "list",
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.Set: "set",
    ast.SetComp: "set",
    ast.Tuple: "tuple",
    ast.GeneratorExp: "generator",
    ast.JoinedStr: "str",
    ast.Lambda: "function",
}


def literal_type(node: ast.expr) -> str:
    """The type of a display or literal by its builtin name; "" for any other expression."""
    if isinstance(node, ast.Constant):
        return type(node.value).__name__
    return _DISPLAYS.get(type(node), "")


def meaning_of(binding: ast.AST) -> Meaning:
    """What a binding node makes of its name."""
    if isinstance(binding, ast.Name):
        value = assigned_value(binding)
        if value is None:
            return _SOMETHING
        return Meaning("value", _target(value), literal_type(value), isinstance(value, ast.Constant))
    if isinstance(binding, ast.alias):
        return Meaning("import", import_target(binding), "typing" if _is_for_checkers(binding) else "")
    if isinstance(binding, ast.FunctionDef | ast.AsyncFunctionDef):
        return Meaning(_kind(binding), ",".join([dotted(node) or "?" for node in binding.decorator_list]))
    if isinstance(binding, ast.ClassDef):
        return Meaning("class", ",".join([dotted(base) or "?" for base in binding.bases]))
    return _SOMETHING


def _is_for_checkers(alias: ast.AST) -> bool:
    """Whether an import stands in `if TYPE_CHECKING:`."""
    below, around = alias, parent(alias)
    while around is not below:
        if isinstance(around, ast.If) and any(below is one for one in around.body):
            test = around.test
            if getattr(test, "id", getattr(test, "attr", "")) == "TYPE_CHECKING":
                return True
        below, around = around, parent(around)
    return False


def _kind(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    if isinstance(function, ast.FunctionDef):
        return "function"
    pending: list[ast.AST] = [*function.body]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Yield):
            return "async generator"
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            pending += ast.iter_child_nodes(node)
    return "async function"


def _target(value: ast.expr) -> str:
    if isinstance(value, ast.Call):
        called = dotted(value)
        return f"{called}()" if called else ""
    return dotted(value) if isinstance(value, ast.Name | ast.Attribute) else ""


def import_target(alias: ast.alias) -> str:
    """The dotted path of what an `import` binds; leading dots for a relative one."""
    statement = parent(alias)
    if isinstance(statement, ast.ImportFrom):
        prefix = "." * statement.level + (statement.module or "")
        return f"{prefix}{'' if prefix.endswith('.') else '.'}{alias.name}"
    return alias.name if alias.asname else alias.name.partition(".")[0]


def assigned_value(name: ast.AST) -> ast.expr | None:
    """The expression that a stored `Name` is bound to as a whole by `=`, an annotated `=` or `:=`; else None."""
    statement = parent(name)
    if isinstance(statement, ast.Assign):
        return statement.value if any(target is name for target in statement.targets) else None
    if isinstance(statement, ast.AnnAssign | ast.NamedExpr) and statement.target is name:
        return statement.value
    return None


def parent(node: ast.AST) -> ast.AST:
    """The node around `node`; the walk has set it. A statement at the top of its chunk is its own parent."""
    around: ast.AST = node.__dict__.get("parent", node)
    return around
