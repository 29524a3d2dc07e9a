"""Task that nobody holds

## What it does
Reports a statement that starts a task with `asyncio.create_task`, `asyncio.ensure_future` or the event loop's
`create_task` and throws the task away.

A `TaskGroup` holds its tasks itself and is left alone.

## Why
The event loop holds a task by a weak reference only. A task that nobody else holds can be garbage-collected in the
middle of its work, and an exception in it is seen by nobody.

## Example
    import asyncio


    async def main():
        asyncio.create_task(work())

Better:
    import asyncio

    _background_tasks = set()


    async def main():
        task = asyncio.create_task(work())
        _background_tasks.add(task)
        task.add_done_callback(_background_tasks.discard)

## When the fix is safe
Never without a look: a task that should be awaited, or belongs in a `TaskGroup`, is better put there.

## Asked as
- asyncio.create_task result is not saved, task disappears
- fire and forget task is garbage collected before it has finished
- Task was destroyed but it is pending
- background task stops in the middle, exception in it is never shown
- RUF006 store a reference to the return value of asyncio.create_task
- keep a strong reference to a task, set of background tasks, add_done_callback
- Task exception was never retrieved, ensure_future
- result of create_task thrown away, is this safe
- background job started from a request handler silently stops
- asyncio task vanishes at random, weak reference, garbage collector
- do I have to keep the task in a variable
- error inside a task is never reported until the program ends
- documentation says to save a reference to what create_task returns
- task started without a variable, sometimes it never finishes

## References
- The Python Standard Library, asyncio.create_task
"""

import ast

from chatbt.analysis.expectation import expects_exception
from chatbt.analysis.finding import Finding
from chatbt.analysis.names import callee, scope_of
from chatbt.analysis.outer import assigned_value, parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, critic

_STARTERS = ("asyncio.create_task", "asyncio.ensure_future")
_LOOPS = ("asyncio.get_running_loop", "asyncio.get_event_loop", "asyncio.new_event_loop")
_TASKS = "_background_tasks"


@critic("CC026", group="bug", since="0.1", ruff=("RUF006",), calls=_STARTERS, methods=("create_task",))
def dangling_asyncio_task(call: ast.Call, scope: Scope) -> Findings:
    statement = parent(call)
    if isinstance(statement, ast.Attribute) and statement.attr == "add_done_callback":
        statement = parent(parent(statement))
    if isinstance(statement, ast.Expr) and _starts_task(call, scope) and not expects_exception(statement):
        started = call.args[0] if call.args else None
        coroutine = f"`{ast.unparse(started.func)}`" if isinstance(started, ast.Call) else "it"
        yield Finding(call, f"nobody holds this task: it may vanish before {coroutine} is done")


def _starts_task(call: ast.Call, scope: Scope) -> bool:
    if isinstance(call.func, ast.Attribute) and call.func.attr == "create_task" and _is_loop(call.func.value, scope):
        return True
    return callee(call, scope) in _STARTERS


def _is_loop(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is an event loop: got from asyncio right there, or in all that binds the variable."""
    if isinstance(node, ast.Call):
        return callee(node, scope) in _LOOPS
    if not isinstance(node, ast.Name):
        return False
    owner = scope.find(node.id)
    values = [assigned_value(binding) for binding in owner.bindings.get(node.id, ())]
    return bool(values) and not owner.elsewhere(node.id) and all(
        value is not None and callee(value, scope_of(value)) in _LOOPS for value in values
    )  # fmt: skip


@dangling_asyncio_task.fix
def keep_the_task(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call = finding.node
    statement = parent(call)
    if not isinstance(statement, ast.Expr) or scope.function is None or not rewrite.stands_alone(statement):
        return None
    task, tasks = rewrite.fresh("task", scope), _TASKS
    known = scope.meanings_of(tasks)
    if not known or any(meaning.target != "set()" for meaning in known) or scope.find(tasks) is not scope.module:
        tasks = rewrite.fresh(tasks, scope.module)
        rewrite.module_lines.append(f"{tasks} = set()")
    return review(
        f"Hold the task in `{tasks}` until it is done",
        rewrite.insert_before(statement, f"{task} = "),
        rewrite.lines_behind(statement, f"{tasks}.add({task})", f"{task}.add_done_callback({tasks}.discard)"),
    )
