"""Look-ups in a mapping behind a test whether the key is in it."""

import ast
from typing import NamedTuple

from chatbt.analysis.flow import Function, ancestors, contains, enclosing_function, is_pure, walk_block
from chatbt.analysis.loops import is_own
from chatbt.analysis.names import is_bound, qualified, same
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import exactly, proven, type_of

_DICTS = ("dict", "collections.OrderedDict")
_SUBCLASSES = ("collections.defaultdict", "collections.Counter")
_MAPPINGS = frozenset((*_DICTS, *_SUBCLASSES, "collections.ChainMap")).union(
    f"{module}.{name}" for module in ("typing", "collections.abc") for name in ("Mapping", "MutableMapping")
)


class Membership(NamedTuple):
    """`key in mapping`, or `key not in mapping`."""

    key: ast.expr
    mapping: ast.expr
    negated: bool


def membership(test: ast.expr) -> Membership | None:
    """The test, if it is one of a key that can be evaluated again in something that can."""
    negated = False
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        negated, test = True, test.operand
    match test:
        case ast.Compare(left=key, ops=[ast.In() | ast.NotIn() as op], comparators=[mapping]):
            pass
        case _:
            return None
    if not is_pure(key, attributes=True) or not isinstance(mapping, ast.Name | ast.Attribute | ast.Subscript):
        return None
    if not is_pure(mapping, attributes=True) or isinstance(key, ast.Subscript):
        return None
    return Membership(key, mapping, negated is not isinstance(op, ast.NotIn))


def is_elif(node: ast.stmt) -> bool:
    """Whether an `if` is the `elif` of another one."""
    around = parent(node)
    return isinstance(around, ast.If) and around.orelse == [node] and around.col_offset == node.col_offset


def is_item(node: ast.expr, tested: Membership) -> bool:
    """Whether an expression is `mapping[key]` of the test."""
    return isinstance(node, ast.Subscript) and same(node.value, tested.mapping) and is_same_key(node.slice, tested.key)


def is_same_key(one: ast.expr, other: ast.expr) -> bool:
    match one, other:
        case ast.UnaryOp(op=op, operand=value), ast.UnaryOp(op=other_op, operand=other_value):
            return type(op) is type(other_op) and same(value, other_value)
    return same(one, other)


def may_be_mapping(node: ast.expr, scope: Scope) -> bool:
    """Whether it is not known to be something else, nor the object whose own method this is."""
    if isinstance(node, ast.Name) and scope.receiver is not None and node.id == scope.receiver[0]:
        return False
    found = type_of(node, scope)
    return found is None or found.name in _MAPPINGS


def is_plain_dict(tested: Membership, scope: Scope, *, subclasses: bool = False) -> bool:
    """Whether it is proven to be exactly a dict, or the environment with a string as the key.

    `subclasses`: those of the standard library that make missing values will do too.
    """
    if not is_pure(tested.key):
        return False
    if qualified(tested.mapping, scope) == "os.environ":
        return proven(tested.key, scope, "str")
    kinds = (*_DICTS, *_SUBCLASSES) if subclasses else _DICTS
    return isinstance(tested.mapping, ast.Name) and exactly(tested.mapping, scope, *kinds)


def is_free(node: ast.expr) -> bool:
    """Whether evaluating an expression costs nothing, has no effect and cannot fail: a constant, an empty display."""
    match node:
        case ast.Constant() | ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=ast.Constant(value=int() | float())):
            return True
        case ast.List(elts=[]) | ast.Tuple(elts=[]) | ast.Dict(keys=[]):
            return True
        case ast.Tuple(elts=elements):
            return all(is_free(one) for one in elements)
    return False


def is_certain_name(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is a variable that certainly has a value: a parameter or a builtin."""
    if not isinstance(node, ast.Name):
        return False
    if not is_own(node.id, scope):
        return is_bound(node.id, scope) and not scope.meanings_of(node.id)
    bindings = scope.bindings_of(node.id)
    return any(isinstance(one, ast.arg) for one in bindings) and not any(
        isinstance(getattr(one, "ctx", None), ast.Del) or isinstance(one, ast.ExceptHandler) for one in bindings
    )


def is_asked_for_keys(mapping: ast.expr) -> bool:
    """Whether code around asks the object for `keys` alone: the protocol of what a dict can be made of.

    A test asks whether it has such an attribute, or a `try` awaits that it has none.
    """
    for around in ancestors(mapping):
        if isinstance(around, ast.If):
            for node in ast.walk(around.test):
                match node:
                    case ast.Call(func=ast.Name(id="hasattr"), args=[asked, _]) if same(asked, mapping):
                        return True
        elif isinstance(around, ast.Try) and _awaits_no_attribute(around, mapping):
            return True
    return False


def _awaits_no_attribute(attempt: ast.Try, node: ast.expr) -> bool:
    types = [one.type for one in attempt.handlers]
    listed = [part for one in types for part in (one.elts if isinstance(one, ast.Tuple) else [one])]
    is_caught = any(isinstance(one, ast.Name) and one.id == "AttributeError" for one in listed)
    return is_caught and any(contains(one, node) for one in attempt.body)


def is_used_as_dict(mapping: ast.expr) -> bool:
    """Whether the function around, or the module, calls a method of the object that makes it a dict."""
    outermost = list(ancestors(mapping))[-1]
    around = enclosing_function(mapping) or outermost
    body = around.body if isinstance(around, Function | ast.Module) else []
    for node in walk_block(body, functions=True):
        match node:
            case ast.Call(func=ast.Attribute(value=asked, attr="items" | "get" | "keys" | "values")):
                if same(asked, mapping):
                    return True
    return False
