"""chatbt/status: how the engine is, for clients that want to know, when it has changed."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from chatbt.engine.errors import EngineError
from chatbt.engine.installed import is_installed
from chatbt.lsp.client import Json

if TYPE_CHECKING:
    from chatbt.engine.client import Client
    from chatbt.engine.shapes import Health
    from chatbt.lsp.session import Session

METHOD = "chatbt/status"
MISSING = "rules only; `pip install 'chatbt[engine]'` for explanations"
_PERIOD_S = 0.25
_UNSETTLED = ("loading", "busy")


class Status:
    """What the client was told last. The engine is looked at only as long as something of this window runs there."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._told: Json = {}
        self._watching: asyncio.Task[None] | None = None

    @property
    def state(self) -> str:
        return str(self._told.get("state", ""))

    def tell(self, state: str, message: str, **more: object) -> None:
        """Tell the client, if it wants to know and this is new. `message` can be shown as it is."""
        told: Json = {"state": state, "message": message, **more}
        if told == self._told:
            return
        self._told = told
        if self._session.client.hears_status:
            self._session.notify(METHOD, told)

    def off(self, why: str) -> None:
        self.stop()
        self.tell("off", f"model features are off: {why}")

    def asleep(self) -> None:
        """Nothing has been asked of an engine yet."""
        if not is_installed():
            self.tell("rules", MISSING)
        else:
            self.tell("asleep", "the engine starts with the first request")

    def failed(self, reason: str) -> None:
        self.tell("degraded", f"cards only: {reason}", reason=reason)

    def watch(self, client: "Client", is_wanted: Callable[[], bool]) -> None:
        """Look how our engine is as long as `is_wanted`, and until it has settled."""
        if self._session.client.hears_status and (self._watching is None or self._watching.done()):
            self._watching = asyncio.create_task(self._watch(client, is_wanted))

    async def _watch(self, client: "Client", is_wanted: Callable[[], bool]) -> None:
        last = False
        while not last or self.state in _UNSETTLED:
            last = not is_wanted()
            try:
                self._tell_of(await client.health())
            except EngineError as error:
                self.failed(str(error))
                return
            await asyncio.sleep(_PERIOD_S)

    def _tell_of(self, health: "Health") -> None:
        name = f"{health.model} on {health.device}"
        what = {"model": health.model, "device": health.device}
        match health.state:
            case "loading":
                self.tell("loading", f"loading {name}: {health.percent} %", percent=health.percent, **what)
            case "ready":
                self.tell("ready", f"{name}{f' ({health.reason})' if health.reason else ''}", **what)
            case "busy":
                queue = health.waiting + health.running
                self.tell("busy", f"{name}: {queue} at work", queue=queue, **what)
            case "unloaded":
                self.tell("asleep", f"{name} is loaded with the next request", **what)
            case "failed":
                self.failed(health.reason or "the engine failed")

    def stop(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None
