"""What a name stands for: resolved through the file's imports and scopes, never by spelling."""

import ast
import builtins
from collections.abc import Container, Iterable

from chatbt.analysis.flow import is_in_body
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope

# What site and interactive sessions add or leave out is no part of the language.
_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_")) | {"__import__", "exit", "quit"}
_OF_EVERY_MODULE = frozenset(
    "__annotations__ __builtins__ __debug__ __dict__ __doc__ __file__ __loader__ __name__ __package__ __path__ "
    "__spec__".split()
)
_STATEMENT_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def scope_of(node: ast.AST) -> Scope:
    """The scope in which `node` is evaluated. A definition itself belongs to the scope around it."""
    below, around = node, parent(node)
    while around is not below:
        if isinstance(around, _STATEMENT_SCOPES) and is_in_body(around, below):
            break
        if isinstance(around, _COMPREHENSIONS) and not _first_iterable(around, node):
            break
        below, around = around, parent(around)
    scope: Scope = around.__dict__["scope"]
    return scope


def _first_iterable(comprehension: ast.AST, node: ast.AST) -> bool:
    generators: list[ast.comprehension] = comprehension.__dict__["generators"]
    first = generators[0].iter
    while node is not comprehension:
        if node is first:
            return True
        node = parent(node)
    return False


def qualified(node: ast.AST, scope: Scope) -> str | None:
    """The full dotted name that `a.b.c` refers to: `builtins.open`, `subprocess.run`; None if that is not certain.

    Relative imports keep their dots. A name with several bindings is certain only if all import the same;
    `name = None`, as where an import may fail, binds nothing that could be called or looked into.
    """
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    root = resolve(node.id, scope)
    if root is None:
        return None
    return ".".join([root, *reversed(parts)]) if parts else root


def qualified_path(path: str, scope: Scope) -> str | None:
    """What the path `a.b.c`, as another chunk wrote it, refers to, as `qualified` says it."""
    root, dot, rest = path.partition(".")
    found = resolve(root, scope) if root else None
    return f"{found}{dot}{rest}" if found else None


def resolve(name: str, scope: Scope) -> str | None:
    """What the variable `name` refers to, as `qualified` says it."""
    known = scope.resolved
    if name not in known:
        known[name] = _resolve(name, scope)
    return known[name]


def _resolve(name: str, scope: Scope) -> str | None:
    meanings = scope.meanings_of(name)
    if meanings:
        targets = {one.target if one.kind == "import" else None for one in meanings if one.type != "NoneType"}
        return targets.pop() if len(targets) == 1 else None
    if name not in _BUILTINS or has_star_import(scope):
        return None
    return f"builtins.{name}"


def is_builtin(name: str, scope: Scope) -> bool:
    """Whether `name`, used here, is certainly the builtin of that name (G2)."""
    return resolve(name, scope) == f"builtins.{name}"


def may_be(function: ast.expr, last_parts: Container[str]) -> bool:
    """Whether `function` may resolve to a name with one of these last parts: a cheap look before `qualified`.

    An attribute's last part is its own; what a bare name stands for only the scope can say.
    """
    return function.attr in last_parts if isinstance(function, ast.Attribute) else isinstance(function, ast.Name)


def last_parts(names: Iterable[str]) -> frozenset[str]:
    """The last parts of dotted names, for `may_be`."""
    return frozenset(name.rpartition(".")[2] for name in names)


def callee(call: ast.AST, scope: Scope) -> str | None:
    """The qualified name of what a call calls; None for anything else."""
    return qualified(call.func, scope) if isinstance(call, ast.Call) else None


def has_star_import(scope: Scope) -> bool:
    """Whether some `from x import *` may bind any name in this file."""
    return scope.module.star or scope.outer.star()


def is_dynamic(scope: Scope) -> bool:
    """Whether names here may be read or bound unseen: exec, eval, locals or vars is called, or a star import (G1)."""
    return scope.dynamic or has_star_import(scope)


def is_bound(name: str, scope: Scope) -> bool:
    """Whether `name` can be evaluated here: a variable of some scope, or a builtin."""
    return bool(scope.meanings_of(name)) or name in _BUILTINS or name in _OF_EVERY_MODULE


def same(first: ast.AST, second: ast.AST) -> bool:
    """Whether two expressions are the same chain of names, attributes, constants and subscripts."""
    match first, second:
        case ast.Name(id=one), ast.Name(id=other):
            return one == other
        case ast.Attribute(value=one, attr=name), ast.Attribute(value=other, attr=other_name):
            return name == other_name and same(one, other)
        case ast.Constant(value=one), ast.Constant(value=other):
            return type(one) is type(other) and one == other
        case ast.Subscript(value=one, slice=key), ast.Subscript(value=other, slice=other_key):
            return same(one, other) and same(key, other_key)
    return False
