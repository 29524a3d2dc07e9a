"""Messages: strings that people read as they stand, because nothing between here and there fills anything in."""

import ast
from collections.abc import Collection

from chatbt.analysis.names import is_dynamic, qualified, scope_of
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope

_FUNCTIONS = frozenset(
    "builtins.print builtins.input builtins.exit builtins.quit sys.exit sys.stdout.write sys.stderr.write "
    "warnings.warn click.echo click.secho typer.echo typer.secho".split()
)
_METHODS = frozenset("debug info warning warn error critical exception fatal fail".split())
_DATABASES = frozenset("execute executemany executescript raw text query".split())
_LOGGERS = ("log", "logger", "logging", "messages", "parser", "console", "pytest")


def is_message(string: ast.expr, fields: Collection[str]) -> bool:
    """Whether `string` is printed, logged, raised or asserted, in any case as it stands.

    It is not if a name of `fields` goes the same way, as in `log("{x}", x=x)`: whoever gets both may put them together.
    A variable's string is a message if it is never used as anything else.
    """
    return _is_message(string, fields, followed=False)


def is_finished(string: ast.expr, fields: Collection[str]) -> bool:
    """Whether `string` goes as it stands to a call that is no database's, or is returned; `fields` as above.

    Enough where it is certain that some values have been put in already.
    """
    below, around = _whole(string)
    match around:
        case ast.Return():
            return True
        case ast.Call(func=function):
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            return function is not below and name not in _DATABASES and not _is_given(fields, around, below)
    return False


def _is_message(node: ast.expr, fields: Collection[str], *, followed: bool) -> bool:
    below, around = _whole(node)
    match around:
        case ast.Assert(msg=message):
            return message is below
        case ast.Call():
            return _shows(around, scope_of(around)) and not _is_given(fields, around, below)
        case ast.keyword(arg="msg" | "message" | "reason"):
            call = parent(around)
            return isinstance(call, ast.Call) and _is_raised(call) and not _is_given(fields, call, below)
        case (
            ast.Assign(targets=[ast.Name() as target])
            | ast.AnnAssign(target=ast.Name() as target)
            | ast.AugAssign(target=ast.Name() as target, op=ast.Add())
        ):
            return not followed and target.id not in fields and _only_shown(target, fields)
    return False


def _whole(node: ast.expr) -> tuple[ast.expr, ast.AST]:
    """The largest string that `node` becomes a part of, and what stands around it."""
    below, around = node, parent(node)
    while True:
        match around:
            case ast.BinOp(op=ast.Add()) | ast.FormattedValue(format_spec=None) | ast.JoinedStr():
                pass
            case ast.IfExp(test=test) if test is not below:
                pass
            case _:
                return below, around
        below, around = around, parent(around)


def _shows(call: ast.Call, scope: Scope) -> bool:
    """Whether a call shows people the strings it is given."""
    if _is_raised(call):
        return True
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr in _METHODS:
        receiver = function.value
        name = receiver.attr if isinstance(receiver, ast.Attribute) else getattr(receiver, "id", "")
        if name == "self" or name.lower().strip("_").endswith(_LOGGERS):
            return True
    return qualified(function, scope) in _FUNCTIONS


def _is_raised(call: ast.Call) -> bool:
    statement = parent(call)
    return isinstance(statement, ast.Raise) and statement.exc is call


def _is_given(fields: Collection[str], call: ast.Call, message: ast.expr) -> bool:
    """Whether a call gets one of `fields` beside the message, under its name or as an argument of its own."""
    if any(one.arg is None or one.arg in fields for one in call.keywords):
        return True
    given = [*call.args, *(one.value for one in call.keywords)]
    return any(
        isinstance(node, ast.Starred) or (isinstance(node, ast.Name) and node.id in fields)
        for one in given
        if one is not message
        for node in ast.walk(one)
    )


def _only_shown(target: ast.Name, fields: Collection[str]) -> bool:
    """Whether the variable `target` is read, and each time as a message."""
    scope = scope_of(target)
    owner = scope.find(target.id)
    if owner.kind not in ("function", "module") or owner is not scope or is_dynamic(owner):
        return False
    if owner.used_elsewhere(target.id) or target.id in owner.globals | owner.nonlocals:
        return False
    loads = list(owner.all_loads(target.id))
    return bool(loads) and all(_is_message(load, fields, followed=True) for load in loads)
