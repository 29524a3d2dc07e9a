"""Locks: what the file proves to be one, and what is called one."""

import ast
import re

from chatbt.analysis.flow import is_pure
from chatbt.analysis.names import callee, qualified_path
from chatbt.analysis.outer import assigned_value, dotted
from chatbt.analysis.scopes import Scope

_KINDS = "Lock RLock Condition Semaphore BoundedSemaphore".split()
LOCKS = frozenset(f"threading.{one}" for one in _KINDS)
TASK_LOCKS = frozenset(f"asyncio.{one}" for one in _KINDS if one != "RLock")
_LIKE_A_LOCK = re.compile(r"lock(?!ed)|mutex|semaphore|(^|_)(sem|cond|condition|cv)$", re.IGNORECASE)


def is_lock(resource: ast.expr, scope: Scope) -> bool:
    """Whether a chain of names is a lock, or is called one."""
    if not is_pure(resource, attributes=True):
        return False
    return (
        _LIKE_A_LOCK.search(dotted(resource).rpartition(".")[2]) is not None
        or kind_of_lock(resource, scope) is not None
    )


def kind_of_lock(resource: ast.expr, scope: Scope) -> str | None:
    """The class of the lock that a variable is bound to, once and for all."""
    if not isinstance(resource, ast.Name):
        return None
    owner = scope.find(resource.id)
    bindings, elsewhere = owner.bindings.get(resource.id, []), owner.elsewhere(resource.id)
    if len(bindings) + len(elsewhere) != 1:
        return None
    if bindings:
        value = assigned_value(bindings[0])
        found = callee(value, owner) if value is not None else None
    else:
        target = elsewhere[0].target
        found = qualified_path(target.removesuffix("()"), owner) if target.endswith("()") else None
    return found if found in LOCKS | TASK_LOCKS else None
