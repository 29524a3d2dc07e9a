"""workspace/executeCommand: what a menu or a key of the editor stands for."""

from typing import Any

from chatbt.lsp.client import Json
from chatbt.lsp.errors import INVALID_PARAMS, RefusedError
from chatbt.lsp.registry import handler, methods
from chatbt.lsp.session import Session


async def execute_command(session: Session, params: Json) -> Any:
    module = methods("commands").get(str(params["command"]).removeprefix("chatbt."))
    if module is None:
        raise RefusedError(INVALID_PARAMS, f"workspace/executeCommand: {params['command']} is no command of chatbt")
    await session.loaded()
    return await handler(module)(session, params.get("arguments") or [], params.get("workDoneToken"))
