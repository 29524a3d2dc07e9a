"""operator.itemgetter and attrgetter

## What it does
Suggests `itemgetter(1)` for `lambda pair: pair[1]` as the key of a sort, a minimum or a grouping, `attrgetter` for a
lambda that gets an attribute, and `operator.mul` for the lambda of two factors in a `reduce`.

## Why
The lambda spells out how to do what the name of the function says: there is one thing less to read, and no name to make
up for the parameter. The call is also made in C, which a sort of many elements notices.

## Example
    from operator import attrgetter

    def by_count(pairs, users):
        return sorted(pairs, key=lambda pair: pair[1]), max(users, key=attrgetter("age"))

Better:
    from operator import attrgetter, itemgetter

    def by_count(pairs, users):
        return sorted(pairs, key=itemgetter(1)), max(users, key=attrgetter("age"))

## When the fix is safe
When it is certain who calls the lambda: a function of the standard library, or `sort` of what is proven to be a list.

## References
- The Python Standard Library, operator
- The Python Standard Library, Sorting Techniques
"""

import ast
from typing import NamedTuple

from chatbt.analysis.finding import Finding
from chatbt.analysis.functions import parameters_of
from chatbt.analysis.names import callee
from chatbt.analysis.outer import parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import receiver_type
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.strings import quote_inside
from chatbt.specialists.pattern import Findings, stdlib

# Where the key stands among the positional arguments; -1 where it cannot.
_KEYED = {
    "builtins.sorted": -1, "builtins.min": -1, "builtins.max": -1, "itertools.groupby": 1, "heapq.nsmallest": 2,
    "heapq.nlargest": 2, "heapq.merge": -1,
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Mod: "mod",
    ast.Pow: "pow", ast.MatMult: "matmul", ast.BitAnd: "and_", ast.BitOr: "or_", ast.BitXor: "xor",
}  # fmt: skip


class _Getter(NamedTuple):
    """What a lambda is: a function of `operator`, and the nodes or texts it is made with; `called` by what is known."""

    function: str
    of: tuple[ast.expr | str, ...]
    called: bool


@stdlib(
    "SL010",
    module="operator",
    since="0.1",
    ruff=("FURB118",),
    yields_to=("SL004",),
    names={
        "operator.itemgetter": (
            "A function that looks up `x[key]`, or a tuple of several keys, made for the `key` of `sorted`, `min` and"
            " `max`. It knows no default: where a key may be missing, a function with `get` is needed."
        ),
        "operator.attrgetter": (
            "A function that reads an attribute of its argument, along a dotted path too: `attrgetter('owner.name')`."
            " It calls nothing: for the result of a method `methodcaller` is meant."
        ),
    },
)
def operator_itemgetter_key(function: ast.Lambda, scope: Scope) -> Findings:
    around = parent(function)
    if not isinstance(around, ast.keyword | ast.Call) or not _is_plain(function):
        return
    names = [one.arg for one in parameters_of(function)]
    if len(names) == 2:
        operator = _operator(function.body, *names)
        if operator and _is_reducer(around, function, scope):
            yield Finding(function, "this lambda is an operator", about=_Getter(operator, (), called=True))
        return
    called = _is_key(around, function, scope) if len(names) == 1 else None
    if called is None:
        return
    parts = function.body.elts if isinstance(function.body, ast.Tuple) else [function.body]
    if isinstance(function.body, ast.Tuple) and len(parts) < 2:
        return
    items = [_item(one, names[0]) for one in parts]
    attributes = [_attributes(one, names[0]) for one in parts]
    if all(items):
        getter = _Getter("itemgetter", tuple(one for one in items if one), called)
        yield Finding(function, f"this lambda gets {_count(parts, 'item')} and does no more", about=getter)
    elif all(attributes):
        getter = _Getter("attrgetter", tuple(one for one in attributes if one), called)
        yield Finding(function, f"this lambda gets {_count(parts, 'attribute')} and does no more", about=getter)


def _count(parts: list[ast.expr], what: str) -> str:
    return f"an {what}" if len(parts) == 1 else f"{len(parts)} {what}s"


def _is_plain(function: ast.Lambda) -> bool:
    """Whether a lambda has nothing but positional parameters without defaults."""
    arguments = function.args
    return not (arguments.kwonlyargs or arguments.vararg or arguments.kwarg or arguments.defaults)


def _is_key(around: ast.AST, function: ast.Lambda, scope: Scope) -> bool | None:
    """Whether what calls the lambda as a key is certain; None if it is no key."""
    if isinstance(around, ast.keyword):
        call = parent(around)
        if around.arg != "key" or not isinstance(call, ast.Call):
            return None
        if callee(call, scope) in _KEYED:
            return True
        if isinstance(call.func, ast.Attribute) and call.func.attr == "sort" and not call.args:
            found = receiver_type(call.func, scope)
            return found is not None and found.name == "list" and found.exact
        return None
    place = _KEYED.get(callee(around, scope) or "", -1)
    args: list[ast.expr] = around.__dict__["args"]
    is_there = 0 < place < len(args) and args[place] is function
    return True if is_there and not any(isinstance(one, ast.Starred) for one in args) else None


def _is_reducer(around: ast.AST, function: ast.Lambda, scope: Scope) -> bool:
    return (
        isinstance(around, ast.Call) and around.args[:1] == [function] and callee(around, scope) == "functools.reduce"
    )


def _operator(body: ast.expr, first: str, second: str) -> str | None:
    match body:
        case ast.BinOp(left=ast.Name(id=left), op=op, right=ast.Name(id=right)) if (left, right) == (first, second):
            return _OPERATORS.get(type(op))
    return None


def _item(node: ast.expr, name: str) -> ast.expr | None:
    """The constant that an item of the parameter is got by."""
    match node:
        case ast.Subscript(value=ast.Name(id=of), slice=key) if of == name:
            number = key.operand if isinstance(key, ast.UnaryOp) and isinstance(key.op, ast.USub) else key
            return key if isinstance(number, ast.Constant) and isinstance(number.value, str | bytes | int) else None
    return None


def _attributes(node: ast.expr, name: str) -> str | None:
    """The dotted path of an attribute of the parameter. A class changes the names that start with two underscores."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    is_private = any(one.startswith("__") and not one.endswith("__") for one in parts)
    if not parts or is_private or not isinstance(node, ast.Name) or node.id != name:
        return None
    return ".".join(reversed(parts))


@operator_itemgetter_key.fix
def use_operator(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    getter = finding.about
    assert isinstance(getter, _Getter)
    if comments_within(rewrite.place(finding.node), rewrite.walked):
        return None
    name = rewrite.reached(scope, "operator", getter.function) if getter.of else rewrite.imported(scope, "operator")
    if name is None:
        return None
    quote = quote_inside(finding.node, rewrite)
    if quote is None:
        return None
    arguments = (f"{quote}{one}{quote}" if isinstance(one, str) else rewrite.text(one) for one in getter.of)
    text = f"{name}({', '.join(arguments)})" if getter.of else f"{name}.{getter.function}"
    make = safe if getter.called else review
    return make(f"Use `{text}`", rewrite.replace(finding.node, text))
