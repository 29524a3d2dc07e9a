"""Loggers: what is certainly one of the module `logging`, and the calls that write a message."""

import ast

from chatbt.analysis.names import qualified, qualified_path, resolve
from chatbt.analysis.outer import dotted
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import proven

LEVELS = frozenset("debug info warning warn error critical exception fatal".split())
"""The methods of a logger, and the functions of `logging`, whose first argument is the message."""

_NAMES = ("logger", "log", "_logger", "_log", "LOGGER", "LOG")


def is_logger(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is certainly a `logging.Logger`, or None, or the module `logging` itself."""
    if qualified(node, scope) == "logging" or proven(node, scope, "logging.Logger"):
        return True
    if isinstance(node, ast.Call):
        return qualified(node.func, scope) == "logging.getLogger"
    if not isinstance(node, ast.Name):
        return False
    owner = scope.find(node.id)
    return _is_made([one.target for one in owner.meanings_of(node.id) if one.type != "NoneType"], owner)


def module_logger(scope: Scope) -> str | None:
    """The variable of the module that certainly holds its own `logging.getLogger(...)`, if it has a usual name."""
    for name in _NAMES:
        targets = [one.target for one in scope.meanings_of(name)]
        if scope.find(name) is scope.module and _is_made(targets, scope.module):
            return name
    return None


def _is_made(targets: list[str], owner: Scope) -> bool:
    return len(set(targets)) == 1 and _makes_logger(targets[0], owner)


def _makes_logger(target: str, owner: Scope) -> bool:
    return target.endswith("()") and qualified_path(target.removesuffix("()"), owner) == "logging.getLogger"


def looks_like_logger(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is an object's attribute that is called a logger, in a file that imports `logging`."""
    if not isinstance(node, ast.Attribute) or node.attr not in _NAMES or dotted(node.value) not in ("self", "cls"):
        return False
    if resolve("logging", scope) != "logging":
        return False
    others = [resolve(name, scope) or "" for name in ("structlog", "loguru", "logger")]
    return not any(one.startswith(("structlog", "loguru")) for one in others)
