"""Functions: their parameters, and whether a body says anything."""

import ast
from collections.abc import Iterator

from chatbt.analysis.names import qualified
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


def promises_immutable(annotation: ast.expr | None, scope: Scope) -> bool:
    """Whether an annotation names a type that nobody may write to: Sequence, Mapping, tuple, frozenset, and the like."""
    if isinstance(annotation, ast.Subscript):
        annotation = annotation.value
    name = qualified(annotation, scope) if annotation is not None else None
    if name is None:
        return False
    module, _, last = name.rpartition(".")
    if module == "builtins":
        return last in ("tuple", "frozenset")
    if module == "typing" and last == "Set":
        return False
    return module in ("typing", "collections.abc", "typing_extensions") and last in (*_IMMUTABLE, "Tuple", "FrozenSet")


def is_stub_body(function: Function, scope: Scope) -> bool:
    """Whether a function is only a signature: an overload, abstract, or nothing but a docstring, `...` and `pass`."""
    if any(qualified(decorator, scope) in _ABSTRACT for decorator in function.decorator_list):
        return True
    return all(
        isinstance(one, ast.Pass) or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        for one in function.body
    )


def has_decorator(function: Function, scope: Scope, *names: str) -> bool:
    """Whether a decorator, called or not, resolves to one of the qualified `names`."""
    return any(
        qualified(one.func if isinstance(one, ast.Call) else one, scope) in names for one in function.decorator_list
    )
