"""Work-done progress, as the client shows it."""

import logging
import time
import uuid
from types import TracebackType
from typing import Any, Self

from chatbt.lsp.session import Session

log = logging.getLogger(__name__)

_PERIOD_S = 0.1


class Progress:
    """From begin to end; `step` counts files. Without a token of the client's one is made, if it can show progress."""

    def __init__(self, session: Session, token: Any, title: str) -> None:
        self._session = session
        self._token = token
        self._title = title
        self._files = 0
        self._told = 0.0

    async def __aenter__(self) -> Self:
        if self._token is None and self._session.client.progress and self._session.typed is not None:
            token = str(uuid.uuid4())
            try:
                await self._session.typed.server.work_done_progress.create_async(token)
                self._token = token
            except Exception as error:
                log.info("the client shows no progress: %s", error)
        self._tell({"kind": "begin", "title": self._title})
        return self

    def step(self) -> None:
        self._files += 1
        now = time.monotonic()
        if now - self._told > _PERIOD_S:
            self._told = now
            self._tell({"kind": "report", "message": f"{self._files} files"})

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tell({"kind": "end", "message": f"{self._files} files"})

    def _tell(self, value: dict[str, Any]) -> None:
        if self._token is not None:
            self._session.notify("$/progress", {"token": self._token, "value": value})
