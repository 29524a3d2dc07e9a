"""Types that the file proves: literals, constructors, annotations and isinstance guards, nothing else (G7)."""

import ast
from dataclasses import dataclass

from chatbt.analysis.flow import ancestors, contains
from chatbt.analysis.names import qualified, resolve
from chatbt.analysis.outer import assigned_value, literal_type, parent
from chatbt.analysis.scopes import Scope

MUTABLE = frozenset(
    "list dict set bytearray collections.defaultdict collections.deque collections.Counter "
    "collections.OrderedDict".split()
)
_CONSTRUCTORS = {
    f"builtins.{name}": name
    for name in "list dict set tuple frozenset str bytes bytearray int float complex bool range".split()
} | {"builtins.sorted": "list", "builtins.open": "file", "builtins.len": "int", "builtins.repr": "str"} | {
    name: name
    for name in (
        "collections.defaultdict collections.deque collections.Counter collections.OrderedDict pathlib.Path "
        "datetime.datetime datetime.date datetime.timedelta decimal.Decimal fractions.Fraction"
    ).split()
} | {"pathlib.Path.cwd": "pathlib.Path", "pathlib.Path.home": "pathlib.Path",
     "datetime.datetime.now": "datetime.datetime", "datetime.datetime.utcnow": "datetime.datetime",
     "datetime.datetime.today": "datetime.datetime", "datetime.datetime.fromtimestamp": "datetime.datetime",
     "datetime.date.today": "datetime.date"}  # fmt: skip
_ITERATORS = {f"builtins.{name}": "iterator" for name in "map filter zip enumerate reversed iter".split()}
_STR_METHODS = {name: "str" for name in (
    "capitalize casefold center expandtabs format join ljust lower lstrip removeprefix removesuffix replace rjust "
    "rstrip strip swapcase title translate upper zfill").split()} | {
    "split": "list", "rsplit": "list", "splitlines": "list", "encode": "bytes", "partition": "tuple",
    "rpartition": "tuple"}  # fmt: skip
_ANNOTATIONS = {
    "typing.List": "list", "typing.Dict": "dict", "typing.Set": "set", "typing.Tuple": "tuple",
    "typing.FrozenSet": "frozenset", "typing.DefaultDict": "collections.defaultdict",
    "typing.Deque": "collections.deque", "typing.Counter": "collections.Counter",
    "typing.OrderedDict": "collections.OrderedDict",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proven:
    """A proven type: a builtin's name or a dotted path. `exact`: of this very class, not of a subclass."""

    name: str
    exact: bool


def type_of(node: ast.AST, scope: Scope) -> Proven | None:
    """The type of an expression as far as this file proves it."""
    return _Prover().expression(node, scope)


def proven(node: ast.AST, scope: Scope, *names: str) -> bool:
    """Whether the expression is proven to be of one of the types `names`, or of a subclass."""
    found = type_of(node, scope)
    return found is not None and found.name in names


def exactly(node: ast.AST, scope: Scope, *names: str) -> bool:
    """Whether the expression is proven to be of exactly one of the types `names`."""
    found = type_of(node, scope)
    return found is not None and found.exact and found.name in names


def makes_mutable(node: ast.expr, scope: Scope) -> str | None:
    """The type of the new mutable object that a display, comprehension or constructor call makes each time."""
    if isinstance(node, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp):
        return literal_type(node)
    if isinstance(node, ast.Call):
        name = _CONSTRUCTORS.get(qualified(node.func, scope) or "")
        return name if name in MUTABLE and not _is_sorted(node) else None
    return None


def _is_sorted(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "sorted"


def annotated_type(annotation: ast.AST | None, scope: Scope) -> str | None:
    """The class that an annotation names, its parameters dropped; None for unions, Optional and unknown names."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except (SyntaxError, ValueError):
            return None
    if isinstance(annotation, ast.Subscript):
        annotation = annotation.value
    if annotation is None:
        return None
    name = qualified(annotation, scope)
    if name is None:
        return None
    return _ANNOTATIONS.get(name, name.removeprefix("builtins."))


class _Prover:
    """Follows names to their bindings; `seen` stops at cycles."""

    def __init__(self) -> None:
        self.seen: set[tuple[int, str]] = set()

    def expression(self, node: ast.AST, scope: Scope) -> Proven | None:
        if isinstance(node, ast.expr) and (name := literal_type(node)):
            return Proven(name, exact=True)
        match node:
            case ast.Call():
                return self._call(node, scope)
            case ast.Name():
                return self._guarded(node, scope) or self._name(node.id, scope)
            case ast.NamedExpr():
                return self.expression(node.value, scope)
            case ast.BinOp(left=left, op=op, right=right):
                return self._operation(left, op, right, scope)
            case ast.IfExp(body=body, orelse=orelse):
                first, second = self.expression(body, scope), self.expression(orelse, scope)
                return first if first == second else None
        return None

    def _call(self, node: ast.Call, scope: Scope) -> Proven | None:
        name = qualified(node.func, scope)
        if name is not None:
            made = _CONSTRUCTORS.get(name) or _ITERATORS.get(name)
            return Proven(made, exact=True) if made else None
        if isinstance(node.func, ast.Attribute):
            receiver = self.expression(node.func.value, scope)
            if receiver is not None and receiver.name == "str" and node.func.attr in _STR_METHODS:
                return Proven(_STR_METHODS[node.func.attr], receiver.exact)
            if receiver is not None and node.func.attr == "copy":
                return receiver
        return None

    def _operation(self, left: ast.expr, op: ast.operator, right: ast.expr, scope: Scope) -> Proven | None:
        first = self.expression(left, scope)
        if first is not None and first.name in ("str", "bytes") and isinstance(op, ast.Mod) and first.exact:
            return first
        second = self.expression(right, scope)
        if (
            isinstance(op, ast.Add)
            and first is not None
            and first == second
            and first.name in ("str", "list", "bytes", "tuple")
        ):
            return first
        if isinstance(op, ast.Mult) and first is not None and second is not None and second.name == "int":
            return first if first.name in ("str", "list", "bytes", "tuple", "int") else None
        return None

    def _name(self, name: str, scope: Scope) -> Proven | None:
        owner = scope.find(name)
        key = (id(owner), name)
        if key in self.seen:
            return None
        self.seen.add(key)
        found: set[Proven | None] = {self._binding(node, owner) for node in owner.bindings.get(name, ())}
        for meaning in owner.elsewhere(name):
            made = meaning.type or self._elsewhere(meaning.target, owner) if meaning.kind == "value" else None
            found.add(Proven(made, exact=True) if made else None)
        if len(found) == 1:
            return found.pop()
        names = {one.name if one else None for one in found}
        only = names.pop() if len(names) == 1 else None
        return Proven(only, exact=False) if only else None

    def _elsewhere(self, target: str, owner: Scope) -> str | None:
        root, _, rest = target.partition(".")
        resolved = resolve(root, owner) if root else None
        return _CONSTRUCTORS.get(f"{resolved}.{rest}" if rest else resolved or "")

    def _binding(self, node: ast.AST, owner: Scope) -> Proven | None:
        around = parent(node)
        if isinstance(node, ast.arg):
            arguments = around
            if isinstance(arguments, ast.arguments) and (node is arguments.vararg or node is arguments.kwarg):
                return Proven("tuple" if node is arguments.vararg else "dict", exact=True)
            name = annotated_type(node.annotation, owner)
            return Proven(name, exact=False) if name else None
        if isinstance(around, ast.AnnAssign):
            name = annotated_type(around.annotation, owner)
            value = self.expression(around.value, owner) if around.value else None
            return value or (Proven(name, exact=False) if name else None)
        if isinstance(around, ast.AugAssign):
            return self._augmented(around, owner)
        value_node = assigned_value(node)
        return self.expression(value_node, owner) if value_node is not None else None

    def _augmented(self, statement: ast.AugAssign, owner: Scope) -> Proven | None:
        # In place, these keep the type of their left side, which the other bindings tell.
        value = self.expression(statement.value, owner)
        if isinstance(statement.op, ast.Add) and value is not None and value.name in ("str", "bytes", "list", "tuple"):
            return value
        return None

    def _guarded(self, node: ast.Name, scope: Scope) -> Proven | None:
        """The type by an `if isinstance(name, T):` around the node, with no binding of the name inside that `if`."""
        for around in ancestors(node):
            if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
                break
            if not isinstance(around, ast.If) or not any(contains(one, node) for one in around.body):
                continue
            test = around.test
            tests = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
            for one in tests:
                match one:
                    case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), kind]) if name == node.id:
                        rebound = any(contains(around, binding) for binding in scope.bindings_of(name))
                        found = qualified(kind, scope)
                        if found and not rebound and resolve("isinstance", scope) == "builtins.isinstance":
                            return Proven(found.removeprefix("builtins."), exact=False)
        return None
