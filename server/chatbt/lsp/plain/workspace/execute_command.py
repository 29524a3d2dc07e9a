"""workspace/executeCommand: what a menu or a key of the editor stands for."""

import asyncio
from collections.abc import Callable
from typing import Any

from chatbt.lsp.capabilities import MODEL_COMMANDS
from chatbt.lsp.client import Json
from chatbt.lsp.errors import INVALID_PARAMS, RefusedError
from chatbt.lsp.registry import handler, methods
from chatbt.lsp.session import Session
from chatbt.lsp.turns import short_turns


async def execute_command(session: Session, params: Json) -> Any:
    module = methods("commands").get(str(params["command"]).removeprefix("chatbt."))
    if module is None:
        raise RefusedError(INVALID_PARAMS, f"workspace/executeCommand: {params['command']} is no command of chatbt")
    await session.loaded()
    if params["command"] in MODEL_COMMANDS:
        await session.features.must_be_on()
    command = await asyncio.to_thread(_loaded, module)
    return await command(session, params.get("arguments") or [], params.get("workDoneToken"))


def _loaded(module: str) -> Callable[..., Any]:
    with short_turns():
        return handler(module)
