"""The log, as the client shows it: `window/logMessage`."""

import asyncio
import logging

from chatbt.lsp.session import Session

_KINDS = ((logging.ERROR, 1), (logging.WARNING, 2), (logging.INFO, 3))
_LOG = 4


class ClientLog(logging.Handler):
    """Sends records to one client; before it has said hello they go to standard error."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._loop = asyncio.get_running_loop()
        self._before = logging.StreamHandler()

    def emit(self, record: logging.LogRecord) -> None:
        if self._session.initialize_params is None:
            self._before.emit(record)
            return
        kind = next((kind for level, kind in _KINDS if record.levelno >= level), _LOG)
        params = {"type": kind, "message": self.format(record)}
        self._loop.call_soon_threadsafe(self._session.notify, "window/logMessage", params)


def log_to(session: Session) -> None:
    """Send our log to the client; to a log file as well, if there is one, but then no longer to standard error."""
    ours = logging.getLogger("chatbt")
    ours.addHandler(ClientLog(session))
    ours.propagate = any(isinstance(handler, logging.FileHandler) for handler in logging.getLogger().handlers)
