"""Questions whether a file exists, and what is done because it does or does not."""

import ast
from typing import NamedTuple

from chatbt.analysis.names import callee, is_builtin
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import proven

_TESTS = frozenset({"os.path.exists", "os.path.lexists"})
_FOLDER_TESTS = _TESTS | {"os.path.isdir"}
_REMOVE = frozenset({"os.remove", "os.unlink", "os.rmdir"})
_MAKE = frozenset({"os.mkdir", "os.makedirs"})


class Act(NamedTuple):
    """What is done after the test: its call, the path, the exception that says that it could not be done.

    `argument` is what makes the call say nothing of it.
    """

    call: ast.Call
    path: ast.expr
    error: str
    argument: str = ""


def asked_path(test: ast.Call, negative: bool, scope: Scope) -> ast.expr | None:
    """The path that a call asks about."""
    if len(test.args) == 1:
        return test.args[0] if callee(test, scope) in (_FOLDER_TESTS if negative else _TESTS) else None
    match test.func:
        case ast.Attribute(value=value, attr="exists") if not test.args and proven(value, scope, "pathlib.Path"):
            return value
        case ast.Attribute(value=value, attr="is_dir") if negative and proven(value, scope, "pathlib.Path"):
            return value
    return None


def using(statement: ast.If, scope: Scope) -> Act | None:
    """What an `if path.exists():` does with the path first of all."""
    match statement.body[0]:
        case ast.Expr(value=ast.Call(args=[path], keywords=[]) as call) if callee(call, scope) in _REMOVE:
            return Act(call, path, "FileNotFoundError")
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=path, attr="unlink" | "rmdir" as how), args=[], keywords=[]) as call
        ) if proven(path, scope, "pathlib.Path"):
            return Act(call, path, "FileNotFoundError", "missing_ok=True" if how == "unlink" else "")
        case ast.With(items=[ast.withitem(context_expr=ast.Call() as call)]) if len(statement.body) == 1:
            return _opening(call, scope)
        case ast.Assign(value=ast.Call() as call) | ast.Return(value=ast.Call() as call) if len(statement.body) == 1:
            return _opening(call, scope)
    return None


def _opening(call: ast.Call, scope: Scope) -> Act | None:
    """A call that opens or reads a file that must be there."""
    if isinstance(call.func, ast.Name) and call.args and is_builtin("open", scope) and call.func.id == "open":
        return Act(call, call.args[0], "FileNotFoundError") if _reads(call, 1) else None
    match call.func:
        case ast.Attribute(value=path, attr="open" | "read_text" | "read_bytes" as how) if proven(
            path, scope, "pathlib.Path"
        ):
            return Act(call, path, "FileNotFoundError") if how != "open" or _reads(call, 0) else None
    return None


def _reads(call: ast.Call, place: int) -> bool:
    """Whether the mode of an `open` asks for a file that is there."""
    modes = [one.value for one in call.keywords if one.arg == "mode"] + call.args[place : place + 1]
    return all(isinstance(one, ast.Constant) and str(one.value).startswith("r") for one in modes)


def making(statement: ast.If, scope: Scope) -> Act | None:
    """What an `if not path.exists():` makes, if it does nothing else."""
    if len(statement.body) != 1 or statement.orelse:
        return None
    match statement.body[0]:
        case ast.Expr(value=ast.Call(args=[path, *_]) as call) if callee(call, scope) in _MAKE:
            argument = "exist_ok=True" if callee(call, scope) == "os.makedirs" else ""
            free = not any(one.arg in ("exist_ok", None) for one in call.keywords) and len(call.args) < 3
            return Act(call, path, "FileExistsError", argument) if free else None
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=path, attr="mkdir")) as call):
            free = not any(one.arg in ("exist_ok", None) for one in call.keywords) and not call.args
            if free and proven(path, scope, "pathlib.Path"):
                return Act(call, path, "FileExistsError", "exist_ok=True")
    return None
