"""functools.wraps

## What it does
Suggests `@wraps(func)` for the inner function of a decorator that passes all its arguments on.

## Why
What a decorator returns takes the place of what it decorates. Without `wraps` its `__name__` and `repr`, which logs
and registries show, are those of the inner function, and `help` has neither the docstring nor the signature to show.

## Example
    from functools import partial

    def logged(func):
        def wrapper(*args, **kwargs):
            print("called")
            return func(*args, **kwargs)
        return wrapper

Better:
    from functools import partial, wraps

    def logged(func):
        @wraps(func)
        def wrapper(*args, **kwargs):
            print("called")
            return func(*args, **kwargs)
        return wrapper

## When the fix is safe
Never without a look: the name, the docstring and the signature change, which is the point, and attributes of the
decorated function come along.

## References
- The Python Standard Library, functools.wraps
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import Function, walk_block
from chatbt.analysis.names import qualified, scope_of
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, stdlib

_NAMERS = frozenset("wraps update_wrapper WRAPPER_ASSIGNMENTS".split())
_NAMES = frozenset("__name__ __qualname__ __doc__ __wrapped__ __dict__ __signature__".split())
_NO_FUNCTIONS = ("self", "cls", "class", "klass")
_CASTS = ("typing.cast", "typing_extensions.cast")


@stdlib(
    "SL008",
    module="functools",
    since="0.1",
    not_in_tests=True,
    names={
        "functools.wraps": (
            "Gives the inner function of a decorator the name and docstring of the one that it stands for. It has to"
            " be called with that function, `@wraps(function)`; a bare `@wraps` makes something else of the inner"
            " function without a complaint."
        ),
    },
)
def wraps_on_decorator(decorator: ast.FunctionDef, scope: Scope) -> Findings:
    if len(decorator.body) < 2 or decorator.decorator_list or scope.kind == "class":
        return
    if scope.kind == "function" and all(_is_only_called(load) for load in scope.all_loads(decorator.name)):
        return  # what it returns is kept or handed on, and its name shows nowhere
    decorated = _decorated(decorator)
    inside: Scope = decorator.__dict__["scope"]
    name = _returned(decorator.body[-1], inside)
    inner = next((one for one in decorator.body if isinstance(one, Function) and one.name == name), None)
    if inner is None or decorated is None or inner.decorator_list or not _passes_on(inner, decorated):
        return
    if ast.get_docstring(inner) is not None:
        return  # it speaks for itself
    if len(inside.bindings_of(inner.name)) != 1 or len(inside.bindings_of(decorated)) != 1 or _is_named(decorator):
        return
    message = f"what `{decorator.name}` decorates goes by the name of `{inner.name}` and loses its docstring"
    yield Finding(inner, message, stretch=_header(inner), about=decorated)


def _decorated(decorator: ast.FunctionDef) -> str | None:
    """The parameter for what is decorated: the only one that must be given."""
    arguments = decorator.args
    positional = [*arguments.posonlyargs, *arguments.args]
    if len(positional) - len(arguments.defaults) != 1 or None in arguments.kw_defaults or arguments.vararg:
        return None
    first = positional[0]
    kind = first.annotation.value if isinstance(first.annotation, ast.Subscript) else first.annotation
    is_class = kind is not None and dotted(kind).rpartition(".")[2] in ("type", "Type")
    return None if is_class or first.arg.lower().endswith(_NO_FUNCTIONS) else first.arg


def _is_only_called(load: ast.Name) -> bool:
    call = parent(load)
    return isinstance(call, ast.Call) and call.func is load


def _returned(statement: ast.stmt, scope: Scope) -> str | None:
    """The function that a decorator ends by returning."""
    match statement:
        case ast.Return(value=ast.Name(id=name)):
            return name
        case ast.Return(value=ast.Call(func=function, args=[_, ast.Name(id=name)])):
            return name if qualified(function, scope) in _CASTS else None
    return None


def _passes_on(inner: Function, decorated: str) -> bool:
    """Whether a function takes any arguments and calls what is decorated with them."""
    starred, named = inner.args.vararg, inner.args.kwarg
    if starred is None or named is None:
        return False
    for node in walk_block(inner.body):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[*_, ast.Starred(value=ast.Name(id=rest))], keywords=keywords):
                given = [one.value for one in keywords if one.arg is None]
                if (name, rest) == (decorated, starred.arg) and any(dotted(one) == named.arg for one in given):
                    return True
    return False


def _is_named(decorator: ast.FunctionDef) -> bool:
    """Whether the decorator gives what it returns a name in any other way."""
    return any(
        (isinstance(node, ast.Attribute) and (node.attr in _NAMERS or _is_set(node)))
        or (isinstance(node, ast.Name) and node.id in _NAMERS)
        for node in walk_block(decorator.body, functions=True)
    )


def _is_set(node: ast.Attribute) -> bool:
    return node.attr in _NAMES and (isinstance(node.ctx, ast.Store) or isinstance(parent(node), ast.Attribute))


def _header(inner: Function) -> Range:
    """The place of `def` and the name."""
    word = "async def " if isinstance(inner, ast.AsyncFunctionDef) else "def "
    end = inner.col_offset + len(word) + len(inner.name.encode())
    return Range.of(inner.lineno, inner.col_offset, inner.lineno, end)


@wraps_on_decorator.fix
def add_wraps(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    inner = finding.node
    assert isinstance(inner, Function)
    name = rewrite.reached(scope_of(inner), "functools", "wraps") if rewrite.stands_alone(inner) else None
    if name is None:
        return None
    decorator = f"@{name}({finding.about})"
    return review(f"Add `{decorator}`", rewrite.lines_before(inner, decorator))
