"""Which model is there: how it is spoken to depends on its name, which an engine knows when it has loaded it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from chatbt.engine.client import Client
from chatbt.engine.errors import EngineError
from chatbt.engine.shapes import ChatRequest, Message

PATIENCE = 300.0
"""Seconds that a model may take to be loaded."""
_STEP = 0.1


@dataclass(frozen=True, slots=True)
class Reached:
    """An engine and the name of its model."""

    client: Client
    model: str


async def reached(client: Client) -> Reached:
    """The engine when it has a model. Raises `EngineError` where it gets none."""
    until = time.monotonic() + PATIENCE
    while True:
        health = await client.health()
        if health.model:
            return Reached(client, health.model)
        if health.state == "failed":
            raise EngineError(f"the engine has no model: {health.reason}")
        if time.monotonic() > until:
            raise EngineError(
                f"the model was not loaded in {PATIENCE:.0f} seconds: `chatbt engine status` says how it is"
            )
        if health.state == "unloaded":
            await _loaded(client)
        else:
            await asyncio.sleep(_STEP)


async def _loaded(client: Client) -> None:
    """Have a model loaded: the first request does it."""
    request = ChatRequest(messages=[Message("user", "hello")], max_tokens=1)
    async for _ in client.chat(request):
        pass
