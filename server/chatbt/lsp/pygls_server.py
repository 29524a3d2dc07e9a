"""pygls' server, without what the session does itself."""

import logging
from functools import cache
from typing import Any

from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

log = logging.getLogger(__name__)


class Server(LanguageServer):
    """Errors go to the log: a request's are answered, and a notification's are no reason for a message box."""

    def report_server_error(self, error: Exception, source: Any) -> None:
        log.error("%s: %s", getattr(source, "__name__", source), error)


def _is_no_refusal(record: logging.LogRecord) -> bool:
    """A request that is refused is answered; the log needs no traceback of it."""
    return not (record.exc_info and isinstance(record.exc_info[1], JsonRpcException))


logging.getLogger("pygls.protocol.json_rpc").addFilter(_is_no_refusal)

# One converter for all sessions: building it takes longer than everything else about a server.
converter = cache(default_converter)
