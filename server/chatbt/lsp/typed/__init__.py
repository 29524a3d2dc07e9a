"""pygls with the typed methods: what asks the client, what is asked of a workspace. Importing this loads neither."""

import asyncio
import inspect
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from chatbt import __version__
from chatbt.lsp import errors
from chatbt.lsp.client import Json
from chatbt.lsp.errors import RefusedError
from chatbt.lsp.registry import handler, methods
from chatbt.lsp.turns import short_turns

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from chatbt.lsp.session import Session

log = logging.getLogger(__name__)

_ONE_AT_A_TIME = threading.Lock()
"""lsprotocol's converter cannot be built by two threads at once."""


def load(session: "Session", ready: "Callable[[Typed | None], None]") -> None:
    """Build it in a thread of its own; `ready` is called on the running loop, with None if it cannot be built.

    The plain methods that nobody has asked for yet come first: the next request may be one of those.
    """
    loop = asyncio.get_running_loop()

    def build() -> None:
        try:
            with _ONE_AT_A_TIME, short_turns():
                for module in methods("plain").values():
                    handler(module)
                typed = Typed(session)
        except Exception:
            log.exception("pygls cannot be loaded: there are diagnostics, and nothing else")
            typed = None
        with suppress(RuntimeError):  # the loop is closed: the client has left
            loop.call_soon_threadsafe(ready, typed)

    threading.Thread(target=build, name="load pygls", daemon=True).start()


class Typed:
    """pygls' view of a session: dispatch by lsprotocol's types, cancellation, requests to the client, progress."""

    def __init__(self, session: "Session") -> None:
        from pygls.exceptions import JsonRpcException

        self.session = session
        self.server = server_for(session)
        protocol = self.server.protocol
        protocol.set_writer(_Nowhere(), include_headers=False)
        # The session has answered `initialize`; pygls only learns from it who the client is.
        hello = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": session.initialize_params}
        try:
            message = protocol.structure_message(hello)
        except JsonRpcException:
            log.warning("`initialize` is not as LSP has it; what can be read of it is used")
            message = protocol.structure_message({**hello, "params": {"capabilities": {}}})
        protocol.handle_message(message)
        protocol.set_writer(_Writer(session), include_headers=False)

    def receive(self, message: Json) -> None:
        """Hand a message to pygls. One that does not have the form its method asks for is refused."""
        protocol = self.server.protocol
        try:
            structured = protocol.structure_message(message)
        except Exception as error:
            log.warning("%s is not as LSP has it: %s", message.get("method", "a result"), error)
            number = message.get("id")
            if "method" in message and number is not None:
                self.session.refuse(number, errors.INVALID_PARAMS, f"{message['method']}: {error}")
            elif number is not None:
                # Whoever asked the client must not wait for ever.
                failed = {"code": errors.INVALID_REQUEST, "message": "the client's result is not as LSP has it"}
                protocol.handle_message(protocol.structure_message({"jsonrpc": "2.0", "id": number, "error": failed}))
            return
        protocol.handle_message(structured)

    def refresh(self) -> None:
        """Tell the client to ask for all diagnostics again."""
        self.server.workspace_diagnostic_refresh(None)


def server_for(session: "Session") -> "LanguageServer":
    """pygls' server with every typed method."""
    from chatbt.lsp.pygls_server import Server, converter

    server = Server("chatbt", __version__, converter_factory=converter)
    for method, name in methods("typed").items():
        server.feature(method)(_bound(handler(name), session))
    return server


def _bound(call: Callable[..., Any], session: "Session") -> Callable[..., Any]:
    """The handler as pygls calls it; a refusal is answered with its code."""
    if not inspect.iscoroutinefunction(call):

        def at_once(params: Any) -> Any:
            try:
                return call(session, params)
            except RefusedError as refusal:
                raise _answer(refusal) from refusal

        return at_once

    async def awaited(params: Any) -> Any:
        try:
            return await call(session, params)
        except RefusedError as refusal:
            raise _answer(refusal) from refusal

    return awaited


def _answer(refusal: RefusedError) -> Exception:
    from pygls.exceptions import JsonRpcException

    return JsonRpcException(str(refusal), refusal.code)


class _Nowhere:
    def write(self, data: bytes) -> None:
        pass

    def close(self) -> None:
        pass


class _Writer:
    """What pygls writes, sent as the session sends."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    def write(self, data: bytes) -> None:
        self._session.send_body(data)

    def close(self) -> None:
        pass
