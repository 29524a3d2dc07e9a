"""Expressions that cannot bring foreign text into a string that is built of them: constants, numbers, quoted values."""

import ast
from collections.abc import Callable

from chatbt.analysis.names import qualified
from chatbt.analysis.outer import assigned_value, parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.texts import NUMERIC, pieces
from chatbt.analysis.types import proven

Quotes = Callable[[ast.Call, Scope], bool]

_FIXED = frozenset("sys.executable sys.platform os.name os.sep os.pathsep os.linesep os.devnull os.curdir".split())
_NUMBERS = frozenset(
    "builtins.range os.getpid os.getppid os.getuid os.getgid os.cpu_count time.time time.time_ns".split()
)
_DEEPEST = 8


def is_harmless(node: ast.expr, scope: Scope, quotes: Quotes) -> bool:
    """Whether `node` is made of constants, numbers and results of calls that `quotes` accepts.

    Names in capitals count as constants: they are set by whoever runs the program.
    """
    return _Judge(quotes).judge(node, scope)


class _Judge:
    def __init__(self, quotes: Quotes) -> None:
        self.quotes = quotes
        self.depth = 0
        self.followed: set[tuple[int, str]] = set()

    def judge(self, node: ast.expr, scope: Scope) -> bool:
        if self.depth == _DEEPEST:
            return False
        self.depth += 1
        try:
            return self._expression(node, scope) or proven(node, scope, "int", "float", "bool")
        finally:
            self.depth -= 1

    def _all(self, nodes: list[ast.expr], scope: Scope) -> bool:
        return all(self.judge(node, scope) for node in nodes)

    def _expression(self, node: ast.expr, scope: Scope) -> bool:
        match node:
            case ast.Constant():
                return True
            case ast.Name(id=name):
                return name.isupper() or self._variable(name, scope)
            case ast.Attribute(attr=name):
                return name.isupper() or qualified(node, scope) in _FIXED
            case ast.FormattedValue(value=value, format_spec=specification):
                return _is_numeric(specification) or self.judge(value, scope)
            case ast.Subscript(value=value) | ast.Starred(value=value):
                return self.judge(value, scope)
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts) | ast.BoolOp(values=parts):
                return self._all(parts, scope)
            case ast.Dict(values=parts):
                return self._all(parts, scope)
            case ast.IfExp(body=first, orelse=second):
                return self._all([first, second], scope)
            case ast.BinOp(op=ast.Mult(), left=first, right=second):
                # Whichever side is repeated; what is no string or display here must be a harmless one or a number.
                return any(_is_repeatable(one) and self.judge(one, scope) for one in (first, second)) or self._all(
                    [first, second], scope
                )
            case ast.ListComp(elt=element) | ast.SetComp(elt=element) | ast.GeneratorExp(elt=element):
                return self.judge(element, node.__dict__["scope"])
            case ast.Call():
                return self._call(node, scope)
            case ast.BinOp(op=ast.Sub() | ast.FloorDiv() | ast.Pow()):
                return True  # no string has these
            case ast.BinOp(op=ast.Add(), left=first, right=second):
                # What a number can be added to is one.
                return _is_number(first) or _is_number(second) or self._all([first, second], scope)
            case ast.BinOp() | ast.JoinedStr():
                return self._built(node, scope)
        return False

    def _built(self, node: ast.expr, scope: Scope) -> bool:
        found = pieces(node, scope)
        return found is not None and self._all([one for one in found if isinstance(one, ast.expr)], scope)

    def _call(self, call: ast.Call, scope: Scope) -> bool:
        name = qualified(call.func, scope)
        if self.quotes(call, scope) or name in _NUMBERS:
            return True
        given = [*call.args, *(one.value for one in call.keywords)]
        if name in ("builtins.str", "builtins.sorted", "builtins.list", "builtins.tuple"):
            return self._all(given, scope)
        method = call.func
        if not isinstance(method, ast.Attribute):
            return False
        if method.attr == "format":
            return self._built(call, scope)
        # A method of a string made of constants gives another one of them.
        return isinstance(method.value, ast.Constant | ast.Name) and self._all([method.value, *given], scope)

    def _variable(self, name: str, scope: Scope) -> bool:
        owner = scope.find(name)
        key = (id(owner), name)
        if key in self.followed:
            return True  # by induction: `a = quote(a) + "b"` is harmless if the other bindings of `a` are
        bindings = owner.bindings.get(name, [])
        elsewhere = owner.elsewhere(name)
        self.followed.add(key)
        try:
            return bool(bindings or elsewhere) and (
                all(meaning.constant for meaning in elsewhere) and all(self._binding(node, owner) for node in bindings)
            )
        finally:
            self.followed.remove(key)

    def _binding(self, node: ast.AST, owner: Scope) -> bool:
        value = assigned_value(node)
        around = parent(node)
        if isinstance(around, ast.AugAssign):
            value = around.value
        elif isinstance(around, ast.For | ast.comprehension) and around.target is node:
            value = around.iter
        return value is not None and self.judge(value, owner)


def _is_repeatable(node: ast.expr) -> bool:
    return isinstance(node, ast.List | ast.Tuple) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def _is_numeric(specification: ast.expr | None) -> bool:
    """Whether a format specification takes numbers alone."""
    parts = specification.values if isinstance(specification, ast.JoinedStr) else []
    last = parts[-1] if parts else None
    return isinstance(last, ast.Constant) and isinstance(last.value, str) and last.value.endswith(NUMERIC)
