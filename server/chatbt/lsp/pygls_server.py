"""pygls' server, without what the session does itself."""

import logging
from functools import cache
from typing import Any

from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

log = logging.getLogger(__name__)


class Server(LanguageServer):
    """Errors go to the log: a request's are answered, and a notification's are no reason for a message box."""

    def report_server_error(self, error: Exception, source: Any) -> None:
        log.error("%s: %s", getattr(source, "__name__", source), error)


# One converter for all sessions: building it takes longer than everything else about a server.
converter = cache(default_converter)
