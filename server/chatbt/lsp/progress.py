"""Work-done progress, as the client shows it."""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from lsprotocol import types

from chatbt.lsp.session import Session

log = logging.getLogger(__name__)

_PERIOD_S = 0.1


class Progress:
    """From begin to end, with a message that changes. Without a token of the client's one is made, if it can show it.

    `stop` is called when the user wants it to end; without it there is no button for that. What is to be done does not
    wait for the client to show anything.
    """

    def __init__(self, session: Session, token: Any, title: str, stop: Callable[[], object] | None = None) -> None:
        self._session = session
        self._token = token
        self._title = title
        self._stop = stop
        self._files = 0
        self._message = ""
        self._told = 0.0
        self._creating: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if self._token is not None:
            self._begin(self._token)
        elif self._session.client.progress and self._session.typed is not None:
            self._creating = asyncio.create_task(self._create())
        return self

    def step(self) -> None:
        """One more file is done."""
        self._files += 1
        self.say(f"{self._files} files")

    def say(self, message: str) -> None:
        """How far it is; what comes too soon behind another message is left out."""
        self._message = message
        now = time.monotonic()
        if now - self._told > _PERIOD_S:
            self._told = now
            self._tell({"kind": "report", "message": message})

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._creating is not None:
            await self._creating
        self._session.stops.pop(self._token, None)
        self._tell({"kind": "end", "message": self._message})

    async def _create(self) -> None:
        assert self._session.typed is not None
        token = str(uuid.uuid4())
        try:
            params = types.WorkDoneProgressCreateParams(token=token)
            await self._session.typed.server.window_work_done_progress_create_async(params)
        except Exception as error:
            log.info("the client shows no progress: %s", error)
        else:
            self._token = token
            self._begin(token)

    def _begin(self, token: Any) -> None:
        if self._stop is not None:
            self._session.stops[token] = self._stop
        self._tell({"kind": "begin", "title": self._title, **({"cancellable": True} if self._stop else {})})

    def _tell(self, value: dict[str, Any]) -> None:
        if self._token is not None:
            self._session.notify("$/progress", {"token": self._token, "value": value})
