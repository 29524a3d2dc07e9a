"""Strings that code builds: the literal text and the expressions put into it, in order."""

import ast
import re
import string

from chatbt.analysis.outer import assigned_value
from chatbt.analysis.scopes import Scope

Piece = str | ast.expr
_PERCENT = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?[#0\- +]*(?P<width>\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?(?P<kind>.)", re.DOTALL
)
NUMERIC = tuple("bcdeEfFgGnoxX%")
_DEEPEST = 6


def pieces(node: ast.expr, scope: Scope) -> list[Piece] | None:
    """What an f-string, `%`, `format`, `+` or the join of a display builds a string of; None for anything else.

    A variable that is bound once, in this scope, stands for its value.
    """
    return _pieces(node, scope, _DEEPEST)


def _pieces(node: ast.expr, scope: Scope, depth: int) -> list[Piece] | None:
    if not depth:
        return None
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            return [_field(one) for one in values]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            first, second = _pieces(left, scope, depth), _pieces(right, scope, depth - 1)
            return None if first is None and second is None else [*(first or [left]), *(second or [right])]
        case ast.BinOp(op=ast.Mod(), left=left, right=right):
            return _percent(_text(left, scope, depth), right)
        case ast.Call(func=ast.Attribute(value=receiver, attr="format")):
            return _format(_text(receiver, scope, depth), node)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(glue)), attr="join"), args=[parts]):
            listed = parts.elts if isinstance(parts, ast.List | ast.Tuple) else []
            return [one for part in listed for one in (glue, *(_pieces(part, scope, depth - 1) or [part]))][1:] or None
        case ast.Name(id=name):
            value = only_value(name, scope)
            found = _pieces(value, scope, depth - 1) if value is not None else None
            return found if found and any(isinstance(one, str) for one in found) else None
    return None


def only_value(name: str, scope: Scope) -> ast.expr | None:
    """The expression that the variable `name` of this very function or chunk is bound to, if nothing else binds it."""
    owner = scope.find(name)
    bindings = owner.bindings.get(name, ())
    if len(bindings) != 1 or owner.elsewhere(name):
        return None
    return assigned_value(bindings[0])


def _text(node: ast.expr, scope: Scope, depth: int) -> str | None:
    """The text of a string without expressions in it."""
    found = _pieces(node, scope, depth - 1)
    return "".join(map(str, found)) if found is not None and all(isinstance(one, str) for one in found) else None


def _field(node: ast.expr) -> Piece:
    return str(node.value) if isinstance(node, ast.Constant) else node


def _percent(template: str | None, right: ast.expr) -> list[Piece] | None:
    """`template % right`."""
    if template is None:
        return None
    values = iter(right.elts if isinstance(right, ast.Tuple) else [right])
    named = {}
    if isinstance(right, ast.Dict):
        named = {key.value: value for key, value in zip(right.keys, right.values, strict=True)
                 if isinstance(key, ast.Constant)}  # fmt: skip
    found: list[Piece] = []
    end = 0
    for place in _PERCENT.finditer(template):
        found.append(template[end : place.start()])
        end = place.end()
        if place["kind"] == "%":
            found.append("%")
        elif place["kind"] in "sra":
            key = place["key"]
            found.append(named.get(key, right) if key is not None else next(values, right))
        else:
            next(values, None)
            found.append("0")  # a number, whatever the value
    return [*found, template[end:]]


def _format(template: str | None, call: ast.Call) -> list[Piece] | None:
    """`template.format(...)`."""
    if template is None:
        return None
    named = {one.arg: one.value for one in call.keywords}
    found: list[Piece] = []
    count = 0
    try:
        for text, name, specification, _ in string.Formatter().parse(template):
            found.append(text)
            if name is None:
                continue
            root = re.split(r"[.\[]", name)[0]
            if not root:
                root, count = str(count), count + 1
            if (specification or "").endswith(NUMERIC):
                found.append("0")
            elif root.isdecimal():
                found.append(call.args[int(root)] if int(root) < len(call.args) else call)
            else:
                found.append(named.get(root, call))
    except ValueError:
        return None
    return found
