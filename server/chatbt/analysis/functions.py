"""Functions: their parameters, and whether a body says anything."""

import ast
from collections.abc import Iterator

from chatbt.analysis.names import qualified
from chatbt.analysis.outer import dotted
from chatbt.analysis.scopes import Scope

Function = ast.FunctionDef | ast.AsyncFunctionDef

_IMMUTABLE = frozenset("Sequence Mapping Iterable Collection Container Sized Iterator Hashable AbstractSet Set".split())
_ABSTRACT = frozenset("typing.overload typing_extensions.overload abc.abstractmethod abc.abstractproperty".split())


def defaults_of(function: Function | ast.Lambda) -> Iterator[tuple[ast.arg, ast.expr]]:
    """Each parameter that has a default, with it."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    yield from zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True)
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None:
            yield parameter, default


def parameters_of(function: Function | ast.Lambda) -> list[ast.arg]:
    """All parameters in order, `*args` and `**kwargs` included."""
    arguments = function.args
    starred = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred]


def promises_immutable(annotation: ast.AST | None, scope: Scope) -> bool:
    """Whether an annotation allows only types that nobody may write to: Sequence, Mapping, tuple and the like."""
    kinds = [one for one in alternatives(annotation, scope) if not _is_none(one)]
    return bool(kinds) and all(_is_immutable(kind, scope) for kind in kinds)


def accepts_none(annotation: ast.AST | None, scope: Scope) -> bool:
    """Whether an annotation allows None: a union with it, Optional, Any or object."""
    return any(
        _is_none(one) or qualified(one, scope) in ("typing.Any", "builtins.object")
        for one in alternatives(annotation, scope)
    )


def alternatives(annotation: ast.AST | None, scope: Scope) -> list[ast.AST]:
    """The members of the union that an annotation is; itself if it is none. Quotes and Annotated are looked through."""
    match annotation:
        case None:
            return []
        case ast.Constant(value=str(text)):
            try:
                return alternatives(ast.parse(text.strip(), mode="eval").body, scope)
            except (SyntaxError, ValueError):
                return []
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return alternatives(left, scope) + alternatives(right, scope)
        case ast.Subscript(value=value, slice=inner):
            members = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            match (qualified(value, scope) or "").replace("typing_extensions.", "typing."):
                case "typing.Optional":
                    return [*alternatives(inner, scope), ast.Constant(None)]
                case "typing.Union":
                    return [kind for member in members for kind in alternatives(member, scope)]
                case "typing.Annotated":
                    return alternatives(members[0], scope)
    return [annotation]


def _is_none(annotation: ast.AST) -> bool:
    return isinstance(annotation, ast.Constant) and annotation.value is None


def _is_immutable(annotation: ast.AST, scope: Scope) -> bool:
    if isinstance(annotation, ast.Subscript):
        annotation = annotation.value
    module, _, last = (qualified(annotation, scope) or "").rpartition(".")
    if module == "builtins":
        return last in ("tuple", "frozenset")
    if module == "typing" and last == "Set":
        return False
    return module in ("typing", "collections.abc", "typing_extensions") and last in (*_IMMUTABLE, "Tuple", "FrozenSet")


def is_stub_body(function: Function, scope: Scope) -> bool:
    """Whether a function is only a signature: an overload, abstract, or without a body that does anything."""
    if any(qualified(decorator, scope) in _ABSTRACT for decorator in function.decorator_list):
        return True
    return all(
        isinstance(one, ast.Pass)
        or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        or (isinstance(one, ast.Raise) and dotted(one.exc) == "NotImplementedError")
        for one in function.body
    )


def has_decorator(function: Function, scope: Scope, *names: str) -> bool:
    """Whether a decorator, called or not, resolves to one of the qualified `names`."""
    return any(
        qualified(one.func if isinstance(one, ast.Call) else one, scope) in names for one in function.decorator_list
    )
