"""Types that the file proves: literals, constructors, annotations and isinstance guards, nothing else (G7).

A variable has a type if everything that binds it, anywhere in its scope, has that type. An annotation proves what an
object can do, not its exact class.
"""

import ast

from chatbt.analysis.functions import defaults_of
from chatbt.analysis.guards import guarding
from chatbt.analysis.names import has_star_import, is_builtin, qualified, qualified_path, scope_of
from chatbt.analysis.operations import SEQUENCES, Proven, common, operated
from chatbt.analysis.outer import assigned_value, literal_type, parent
from chatbt.analysis.returns import ANNOTATIONS, ATTRIBUTES, CLASSES, FUNCTIONS, METHODS
from chatbt.analysis.scopes import Scope

MUTABLE = frozenset(
    "list dict set bytearray collections.defaultdict collections.deque collections.Counter "
    "collections.OrderedDict".split()
)
_TYPING = ("typing", "typing_extensions")
_TRANSPARENT = frozenset("Annotated ClassVar Final NotRequired ReadOnly Required".split())
_OPAQUE = frozenset("Any Literal Optional Self TypeGuard Union".split())
_LOOK_UPS = 100


def type_of(node: ast.AST, scope: Scope) -> Proven | None:
    """The type of an expression as far as this file proves it."""
    return _Prover().expression(node, scope)


def receiver_type(attribute: ast.Attribute, scope: Scope) -> Proven | None:
    """The type of what an attribute is looked up on, which is not None if the look-up succeeds."""
    return _Prover().receiver(attribute.value, scope)


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
        name = CLASSES.get(qualified(node.func, scope) or "")
        return name if name in MUTABLE else None
    return None


def annotated_type(annotation: ast.AST | None, scope: Scope) -> str | None:
    """The class that an annotation names, its parameters dropped; None for unions, Optional and unknown names."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value.strip(), mode="eval").body
        except (SyntaxError, ValueError):
            return None
    parameters: ast.expr | None = None
    if isinstance(annotation, ast.Subscript):
        parameters, annotation = annotation.slice, annotation.value
    name = qualified(annotation, scope) if annotation is not None else None
    if name is None:
        return None
    module, _, last = name.rpartition(".")
    if module in _TYPING and last in _TRANSPARENT:
        first = parameters.elts[0] if isinstance(parameters, ast.Tuple) and parameters.elts else parameters
        return annotated_type(first, scope)
    if module in _TYPING:
        return None if last in _OPAQUE else ANNOTATIONS.get(last, name)
    return name.removeprefix("builtins.")


class _Prover:
    """Follows names to everything that binds them.

    A binding that reads its own variable (`text = text.strip()`) has a type if it has one once the variable's is taken
    for what the other bindings say: by induction over the assignments that run, it is then never anything else.
    """

    def __init__(self) -> None:
        self.assumed: dict[tuple[int, str, bool], Proven | None] = {}
        self.look_ups = _LOOK_UPS

    def expression(self, node: ast.AST, scope: Scope) -> Proven | None:
        if isinstance(node, ast.expr) and (name := literal_type(node)):
            return Proven(name, exact=True)
        match node:
            case ast.Name():
                return _guarded(node, scope) or self._name(node.id, scope)
            case ast.Call():
                return self._call(node, scope)
            case ast.Attribute(value=value, attr=name):
                return self._member(value, name, scope, ATTRIBUTES)
            case ast.NamedExpr(value=value):
                return self.expression(value, scope)
            case ast.BinOp(left=left, op=op, right=right):
                first = self.expression(left, scope)
                return operated(first, op, self.expression(right, scope)) if first else None
            case ast.UnaryOp(op=ast.Not()):
                return Proven("bool", exact=True)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=ast.Constant(value=int() | float() | complex())):
                return self.expression(node.operand, scope)
            case ast.Compare(ops=ops) if all(isinstance(op, ast.Is | ast.IsNot | ast.In | ast.NotIn) for op in ops):
                return Proven("bool", exact=True)
            case ast.IfExp(body=body, orelse=orelse):
                return common([self.expression(body, scope), self.expression(orelse, scope)])
            case ast.BoolOp(values=values):
                return common([self.expression(one, scope) for one in values])
            case ast.Subscript(value=value, slice=key):
                return self._item(value, key, scope)
        return None

    def receiver(self, node: ast.expr, scope: Scope) -> Proven | None:
        """The type of an expression that is not None where it matters."""
        if isinstance(node, ast.Name):
            return _guarded(node, scope) or self._name(node.id, scope, is_some=True)
        return self.expression(node, scope)

    def _call(self, node: ast.Call, scope: Scope) -> Proven | None:
        name = qualified(node.func, scope)
        if name is not None:
            made = CLASSES.get(name) or FUNCTIONS.get(name)
            return Proven(made, exact=True) if made else None
        if isinstance(node.func, ast.Attribute):
            return self._member(node.func.value, node.func.attr, scope, METHODS)
        return None

    def _member(self, value: ast.expr, name: str, scope: Scope, table: dict[str, dict[str, str]]) -> Proven | None:
        if not any(name in members for members in table.values()):
            return None
        receiver = self.receiver(value, scope)
        made = table.get(receiver.name, {}).get(name) if receiver else None
        if receiver is None or made is None:
            return None
        return Proven(receiver.name if made == "same" else made, receiver.exact)

    def _item(self, value: ast.expr, key: ast.expr, scope: Scope) -> Proven | None:
        whole = self.expression(value, scope)
        if whole is None or whole.name not in SEQUENCES:
            return None
        return whole if isinstance(key, ast.Slice) or whole.name == "str" else None

    def _name(self, name: str, scope: Scope, *, is_some: bool = False) -> Proven | None:
        """The type of a variable; `is_some`: of what it is bound to beside None."""
        owner = scope.find(name)
        key = (id(owner), name, is_some)
        if key in self.assumed:
            return self.assumed[key]
        if self.look_ups == 0 or (owner.kind == "module" and has_star_import(owner)):
            return None
        self.look_ups -= 1
        guess: Proven | None = None
        while True:
            self.assumed[key] = guess
            found = self._bindings(name, owner, is_some)
            if is_some:
                found = [one for one in found if one is None or one.name != "NoneType"]
            del self.assumed[key]
            answer = common(found if guess else [one for one in found if one])
            if answer is None or answer == guess or (guess is None and None not in found):
                return answer
            guess = answer

    def _bindings(self, name: str, owner: Scope, is_some: bool) -> list[Proven | None]:
        nodes = owner.bindings.get(name, [])
        # Where a deleted name raises, nothing of another type can be read.
        if owner.kind == "function":
            nodes = [node for node in nodes if not isinstance(getattr(node, "ctx", None), ast.Del)]
        found = [self._binding(node, is_some) for node in nodes]
        for meaning in owner.elsewhere(name):
            made = meaning.type if meaning.kind == "value" else ""
            if not made and meaning.kind == "value" and meaning.target.endswith("()"):
                called = qualified_path(meaning.target.removesuffix("()"), owner) or ""
                made = CLASSES.get(called) or FUNCTIONS.get(called) or ""
            found.append(Proven(made, exact=True) if made else None)
        return found

    def _binding(self, node: ast.AST, is_some: bool) -> Proven | None:
        around = parent(node)
        match around:
            case ast.arguments():
                return _parameter(node, around, is_some)
            case ast.AnnAssign():
                if around.value is not None:
                    made = self.expression(around.value, scope_of(around))
                    if made is not None:
                        return made
                name = annotated_type(around.annotation, scope_of(around))
                return Proven(name, exact=False) if name else None
            case ast.AugAssign(target=ast.Name(id=name)):
                scope = scope_of(around)
                left = self._name(name, scope, is_some=is_some)
                value = self.expression(around.value, scope) if left else None
                if left and value and left.name == "list" and isinstance(around.op, ast.Add):
                    return left
                return operated(left, around.op, value) if left else None
            case ast.withitem(context_expr=ast.Call() as opened):
                made = self.expression(opened, scope_of(opened))
                return made if made and made.name == "file" else None
            case ast.For(target=target, iter=iterated) | ast.comprehension(target=target, iter=iterated):
                made = self.expression(iterated, scope_of(iterated)) if target is node else None
                return Proven("int", exact=True) if made == Proven("range", exact=True) else None
        value_node = assigned_value(node)
        return self.expression(value_node, scope_of(value_node)) if value_node is not None else None


def _parameter(node: ast.AST, arguments: ast.arguments, is_some: bool) -> Proven | None:
    if not isinstance(node, ast.arg):
        return None
    if node is arguments.vararg or node is arguments.kwarg:
        return Proven("tuple" if node is arguments.vararg else "dict", exact=True)
    if node.annotation is None or (_default_is_none(node, arguments) and not is_some):
        return None
    name = annotated_type(node.annotation, scope_of(node.annotation))
    return Proven(name, exact=False) if name else None


def _default_is_none(parameter: ast.arg, arguments: ast.arguments) -> bool:
    function = parent(arguments)
    return isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and any(
        one is parameter and isinstance(default, ast.Constant) and default.value is None
        for one, default in defaults_of(function)
    )


def _guarded(node: ast.Name, scope: Scope) -> Proven | None:
    """The type of a name by an `isinstance(name, T)` or `type(name) is T` that holds where it is read."""
    for test in guarding(node, scope):
        match test:
            case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), kind], keywords=[]):
                function, exact = "isinstance", False
            case ast.Compare(
                left=ast.Call(func=ast.Name(id="type"), args=[ast.Name(id=name)]), ops=[ast.Is()], comparators=[kind]
            ):
                function, exact = "type", True
            case _:
                continue
        found = qualified(kind, scope) if name == node.id and is_builtin(function, scope) else None
        if found:
            return Proven(found.removeprefix("builtins."), exact)
    return None
