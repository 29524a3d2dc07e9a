"""Work-done progress, as the client shows it."""

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

    `stop` is called when the user wants it to end; without it there is no button for that.
    """

    def __init__(self, session: Session, token: Any, title: str, stop: Callable[[], object] | None = None) -> None:
        self._session = session
        self._token = token
        self._title = title
        self._stop = stop
        self._files = 0
        self._message = ""
        self._told = 0.0

    async def __aenter__(self) -> Self:
        typed = self._session.typed
        if self._token is None and self._session.client.progress and typed is not None:
            token = str(uuid.uuid4())
            try:
                params = types.WorkDoneProgressCreateParams(token=token)
                await typed.server.window_work_done_progress_create_async(params)
                self._token = token
            except Exception as error:
                log.info("the client shows no progress: %s", error)
        if self._token is not None and self._stop is not None:
            self._session.stops[self._token] = self._stop
        self._tell({"kind": "begin", "title": self._title, **({"cancellable": True} if self._stop else {})})
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
        self._session.stops.pop(self._token, None)
        self._tell({"kind": "end", "message": self._message})

    def _tell(self, value: dict[str, Any]) -> None:
        if self._token is not None:
            self._session.notify("$/progress", {"token": self._token, "value": value})
