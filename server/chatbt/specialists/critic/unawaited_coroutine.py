"""Unawaited coroutine

## What it does
Reports a statement that only calls an `async def` of the same file, a function or a method of the same class, or a
coroutine of asyncio, and does not await it.

## Why
Calling an `async def` runs nothing: it makes a coroutine, which runs when it is awaited. Here nobody keeps it, so the
work is never done, and Python says so only when the coroutine is thrown away.

## Example
    async def save(row): ...

    async def main(row):
        save(row)

Better:
    async def save(row): ...

    async def main(row):
        await save(row)

## When the fix is safe
Never without a look: the code runs for the first time, and may have been meant to run beside what follows. There is
no fix outside an `async def`, where nothing can be awaited.

## Asked as
- coroutine was never awaited
- calling an async function does nothing, its body is never executed
- forgot await in front of a call, async def is not run
- calling it only gives <coroutine object at 0x>
- asyncio.sleep(1) without await does not wait
- async method has no effect, code after it goes on at once, nothing is printed or saved
- RuntimeWarning: Enable tracemalloc to get the object allocation traceback
- I call my async def like a normal function and nothing happens
- never awaited warning, where do I have to put await
- mail is not sent, record is not saved, message does not appear although the async function is called
- function starts with async def, the line with its call seems to be skipped
- do I need await for every coroutine, what happens if I leave it out
- coroutine object is printed or returned instead of the value
- result is a coroutine, '<coroutine object' has no attribute, object is not subscriptable

## References
- The Python Standard Library, Coroutines and Tasks
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import is_provoked
from chatbt.analysis.names import last_parts, may_be, qualified, qualified_path
from chatbt.analysis.outer import Meaning, dotted, meaning_of
from chatbt.analysis.scopes import Scope
from chatbt.analysis.walk import Walked
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, critic

_COROUTINES = frozenset(
    f"asyncio.{name}"
    for name in (
        "sleep wait wait_for to_thread open_connection open_unix_connection start_server start_unix_server "
        "create_subprocess_exec create_subprocess_shell"
    ).split()
)
_LAST_PARTS = last_parts(_COROUTINES)
_TRANSPARENT = frozenset(
    "builtins.staticmethod builtins.classmethod abc.abstractmethod functools.wraps typing.final typing.override "
    "typing_extensions.final typing_extensions.override".split()
)
_PLAIN_CLASS = frozenset("dataclasses.dataclass functools.total_ordering typing.final typing.runtime_checkable".split())


def _knows_coroutines(walked: Walked) -> bool:
    return "async" in walked.parsed.text or walked.module.outer.coroutines()


@critic("CC006", group="bug", since="0.1", needs=_knows_coroutines)
def unawaited_coroutine(statement: ast.Expr, scope: Scope) -> Findings:
    # No generator: most statements that are expressions are turned away here.
    call = statement.value
    if not isinstance(call, ast.Call) or not _makes_coroutine(call.func, scope) or is_provoked(statement):
        return ()
    return (Finding(call, f"`{dotted(call)}(...)` is a coroutine that nobody awaits: nothing of it runs"),)


def _makes_coroutine(function: ast.expr, scope: Scope) -> bool:
    """Whether calling `function` certainly makes a coroutine."""
    if isinstance(function, ast.Name):
        meanings = scope.meanings_of(function.id)
        if not meanings or meanings[0].kind != "import":
            return _is_async(meanings, scope)
    elif not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return False
    elif scope.receiver and scope.receiver[0] == function.value.id:
        receivers = scope.bindings_of(function.value.id)
        is_receiver = len(receivers) == 1 and isinstance(receivers[0], ast.arg)
        return is_receiver and _is_own(function.attr, scope.receiver[1])
    return may_be(function, _LAST_PARTS) and qualified(function, scope) in _COROUTINES


def _is_async(meanings: tuple[Meaning, ...], scope: Scope) -> bool:
    """Whether a name stands for one `async def` alone, and no decorator may have made something else of it."""
    if len(meanings) != 1 or meanings[0].kind != "async function":
        return False
    decorators = [one for one in meanings[0].target.split(",") if one]
    return all(qualified_path(one, scope.module) in _TRANSPARENT for one in decorators)


def _is_own(method: str, owner: Scope) -> bool:
    """Whether the class `owner` itself, and no instance, defines `method`, as an `async def`."""
    meanings = (*map(meaning_of, owner.bindings.get(method, ())), *owner.elsewhere(method))
    if not _is_async(meanings, owner):
        return False
    facts = owner.class_facts()
    plain = all(qualified_path(one, owner.module) in _PLAIN_CLASS for one in facts.decorators)
    return plain and "metaclass" not in facts.keywords and method not in facts.self_bound


@unawaited_coroutine.fix
def await_it(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    in_cell = scope.kind == "module" and scope.file.notebook
    if not in_cell and not (scope.kind == "function" and scope.is_async):
        return None
    return review("Await the coroutine", rewrite.insert_before(finding.node, "await "))
