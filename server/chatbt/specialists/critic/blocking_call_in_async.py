"""Blocking call in an async function

## What it does
Reports a call in an `async def` that waits without letting the event loop go on: `time.sleep`, `requests`, `urlopen`,
`subprocess.run` and its relatives, `os.system`, `input`.

## Why
All tasks of an event loop share one thread. While this call waits, none of them runs: timeouts fire late, other
connections hang, and a server that was meant to serve many clients serves one at a time.

## Example
    import time

    async def poll():
        time.sleep(1)

Better:
    import asyncio
    import time

    async def poll():
        await asyncio.sleep(1)

## When the fix is safe
Never without a look: at an `await` other tasks run and may change what this function relies on. In a worker thread the
call must not touch what only the event loop's thread may touch.

## Asked as
- time.sleep in an async function blocks the event loop
- requests inside async def makes everything wait, not concurrent
- all other coroutines, clients or websockets freeze while one works
- asyncio runs one after the other instead of at the same time, gather is not faster
- ASYNC210, ASYNC251, blocking call in async, use asyncio.sleep, httpx, aiohttp, to_thread or run_in_executor
- subprocess.run or input() in a coroutine, bot stops responding
- how to call a synchronous function from async code without blocking
- the whole server, bot or game stops responding while one handler sleeps or waits for the network
- async tasks run one by one although I use gather, no speed-up
- can I use requests together with asyncio, aiohttp, FastAPI or discord.py
- time.sleep or asyncio.sleep inside a coroutine
- heartbeat blocked, event loop is blocked for more than seconds
- endpoint declared async calls requests or time.sleep, under load everything queues up
- one slow request stops all others in an async server

## References
- The Python Standard Library, Developing with asyncio: Running Blocking Code
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.names import callee
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, critic

_OTHER_LOOPS = {"trio", "anyio", "curio", "sniffio"}


@critic(
    "CC027",
    group="performance",
    since="0.1",
    calls=(
        "time.sleep", "os.system", "builtins.input", "urllib.request.urlopen", "urllib.request.urlretrieve",
        *(f"subprocess.{name}" for name in "run call check_call check_output getoutput getstatusoutput".split()),
        *(f"requests.{name}" for name in "delete get head options patch post put request".split()),
    ),
    ruff=("ASYNC210", "ASYNC220", "ASYNC221", "ASYNC222", "ASYNC250", "ASYNC251"),
)  # fmt: skip
def blocking_call_in_async(call: ast.Call, scope: Scope) -> Findings:
    # A generator expression runs wherever it is consumed, which may be another thread.
    if not scope.is_async or isinstance(scope.node, ast.GeneratorExp) or _waits_for_nothing(call, scope):
        return
    yield Finding(call, f"`{dotted(call)}` stops the whole event loop: no other task runs until it returns")


def _waits_for_nothing(call: ast.Call, scope: Scope) -> bool:
    match call.args:
        case [ast.Constant(value=0)]:
            return callee(call, scope) == "time.sleep"
    return False


@blocking_call_in_async.fix
def await_instead(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call = finding.node
    assert isinstance(call, ast.Call)
    if scope.kind == "comprehension" or isinstance(parent(call), ast.Await) or _on_another_loop(scope):
        return None
    sleeps = callee(call, scope) == "time.sleep"
    if not (_can_sleep(call) if sleeps else _can_move(call, scope)):
        return None
    asyncio = rewrite.imported(scope, "asyncio")
    if asyncio is None:
        return None
    if sleeps:
        title = "Await `asyncio.sleep` instead"
        edits = [rewrite.replace(call.func, f"await {asyncio}.sleep")]
    else:
        title = f"Run `{dotted(call)}` in a thread with `asyncio.to_thread`"
        edits = [rewrite.insert_before(call, f"await {asyncio}.to_thread("), _bracket_to_comma(call, rewrite)]
    if _heads(parent(call), call):
        edits = [rewrite.insert_before(call, "("), *edits, rewrite.insert_behind(call, ")")]
    return review(title, *edits)


def _can_sleep(call: ast.Call) -> bool:
    return len(call.args) == 1 and not call.keywords and not isinstance(call.args[0], ast.Starred)


def _can_move(call: ast.Call, scope: Scope) -> bool:
    """Whether the call's arguments can follow another one: a lone generator expression has no brackets of its own."""
    return scope.file.target >= (3, 9) and not any(isinstance(one, ast.GeneratorExp) for one in call.args)


def _bracket_to_comma(call: ast.Call, rewrite: Rewrite) -> Edit:
    end = rewrite.place(call).end
    bracket = rewrite.token(rewrite.place(call.func).end, end, r"\(")
    assert bracket is not None
    comma = ""
    if call.args or call.keywords:
        comma = "," if rewrite.slice(Range(bracket.end, end))[:1].isspace() else ", "
    return Edit(bracket, comma)


def _heads(around: ast.AST, call: ast.Call) -> bool:
    """Whether `around` is `call.x`, `call[x]` or `call()`, where an `await` needs parentheses."""
    match around:
        case ast.Attribute(value=head) | ast.Subscript(value=head) | ast.Call(func=head):
            return head is call
    return False


def _on_another_loop(scope: Scope) -> bool:
    return any(meanings[0].target.partition(".")[0] in _OTHER_LOOPS for _, meanings in scope.module_imports())
