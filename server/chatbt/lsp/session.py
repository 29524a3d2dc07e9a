"""One client's session: its documents and settings, and the way of every message in and out."""

import asyncio
import inspect
import logging
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbt.lsp import errors, json
from chatbt.lsp.client import Client, Json
from chatbt.lsp.collector import Collector
from chatbt.lsp.diagnostics import diagnostics
from chatbt.lsp.documents import Documents, Open
from chatbt.lsp.errors import RefusedError
from chatbt.lsp.folders import NOTHING, Folders
from chatbt.lsp.model.features import Features
from chatbt.lsp.previews import Previews
from chatbt.lsp.registry import handler, methods
from chatbt.workspace.profile import Profile

if TYPE_CHECKING:
    from chatbt.lsp.typed import Typed

log = logging.getLogger(__name__)

_PATIENCE_S = 0.25
_QUIET_S = 0.05
_ANY_TIME = ("initialize", "exit")
_COMMAND = "workspace/executeCommand"


class Session:
    """Takes message bodies in `receive`, gives message bodies to `send`. Everything happens on one event loop.

    `typed` is pygls with the typed methods, loaded when first needed and when idle; until then what is for it waits.
    """

    def __init__(self, send: Callable[[bytes], None], ended: Callable[[int], None]) -> None:
        """`ended` is called with the exit status when the client says `exit`."""
        self.client = Client()
        self.collector = Collector()
        self.documents = Documents()
        self.features = Features(self)
        self.folders: Folders | None = None
        self.initialize_params: Json | None = None
        self.shut_down = False
        self.ended = ended
        self._send = send
        self._plain = methods("plain")
        self._handlers: dict[str, Callable[..., Any]] = {}
        self._running: dict[Any, tuple[str, asyncio.Task[Any]]] = {}
        self.stops: dict[Any, Callable[[], object]] = {}
        """What ends that whose progress is shown under a token."""
        self._heard = 0.0
        self._dirty: dict[str, Open] = {}
        self._previews: dict[Open, Previews] = {}
        self._said: set[str] = set()
        self.checked_workspace = False
        self.workspace_changed = asyncio.Event()
        self._waiting: list[Json] = []
        self.typed: Typed | None = None
        self._loading = self._failed = False
        self._loaded = asyncio.Event()

    def begin(self, params: Json) -> None:
        """Take the parameters of `initialize`, which has been or is being answered."""
        self.initialize_params = params
        self.client = Client.of(params)
        self.folders = Folders(self.client.folders, dict(self.client.settings))

    def receive(self, body: bytes) -> None:
        """Handle one message."""
        self._heard = time.monotonic()
        try:
            message = json.loads(body)
        except json.JSONDecodeError as error:
            log.warning("a message that is no JSON was left out: %s", error)
            self.refuse(None, errors.PARSE_ERROR, f"this is no JSON: {error}")
            return
        if not isinstance(message, dict) or not isinstance(message.get("method", ""), str):
            self.refuse(None, errors.INVALID_REQUEST, "a message is an object with a method or a result")
            return
        if not isinstance(message.get("id"), int | str | None):
            self.refuse(None, errors.INVALID_REQUEST, "an id is a number or a string")
            return
        if message.get("jsonrpc") != "2.0":
            self.refuse(message.get("id"), errors.INVALID_REQUEST, 'a message has "jsonrpc": "2.0"')
            return
        self._dispatch(message)

    def _dispatch(self, message: Json) -> None:
        method, number = message.get("method"), message.get("id")
        if method is not None and method not in _ANY_TIME and (self.folders is None or self.shut_down):
            state, code = ("has been shut down", errors.INVALID_REQUEST) if self.shut_down else (
                "has not been initialized", errors.NOT_INITIALIZED)  # fmt: skip
            if number is not None:
                self.refuse(number, code, f"{method}: the server {state}")
            return
        module = self._plain.get(method) if method else None
        params = message.get("params") or {}
        if method is None or module is None:
            if method != "$/cancelRequest" or not self._cancelled(params):
                self._to_typed(message)
            return
        self._answer(method, number, lambda: self._handler(module)(self, params))

    def _handler(self, module: str) -> Callable[..., Any]:
        return self._handlers.get(module) or self._handlers.setdefault(module, handler(module))

    def _answer(self, method: str, number: Any, result_of: Callable[[], Any]) -> None:
        """Send what `result_of` returns, when it is there, or why it is not."""
        try:
            result = result_of()
            if inspect.iscoroutine(result):
                task = asyncio.ensure_future(result)
                self._running[number] = method, task
                task.add_done_callback(lambda task: self._finished(method, number, task))
                return
        except RefusedError as refusal:
            code, why = refusal.code, str(refusal)
        except asyncio.CancelledError:
            code, why = errors.REQUEST_CANCELLED, f"{method}: cancelled"
        except Exception as error:
            log.exception("%s failed", method)
            wrong = isinstance(error, (KeyError, TypeError, AttributeError, ValueError))
            code = errors.INVALID_PARAMS if wrong else errors.INTERNAL_ERROR
            why = f"{method}: {type(error).__name__}: {error}"
        else:
            if number is not None:
                self.send({"jsonrpc": "2.0", "id": number, "result": result})
            return
        if number is not None:
            self.refuse(number, code, why)

    def _finished(self, method: str, number: Any, task: "asyncio.Task[Any]") -> None:
        if self._running.get(number) == (method, task):
            del self._running[number]
        self._answer(method, number, task.result)
        self.collector.answered()

    def _cancelled(self, params: Json) -> bool:
        """Cancel a request that is being answered here, if it is."""
        number = params.get("id")
        running = self._running.get(number) if isinstance(number, int | str) else None
        return running is not None and running[1].cancel()

    # ---- out

    def send(self, message: Json) -> None:
        self._send(json.dumps(message))

    def send_body(self, body: bytes) -> None:
        self._send(body)

    def notify(self, method: str, params: Json) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def refuse(self, number: Any, code: int, message: str) -> None:
        """Answer a request with an error."""
        self.send({"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": message}})

    def show(self, message: str, kind: int = 2) -> None:
        """Show a message to the user; `kind` is LSP's MessageType (1 error, 2 warning, 3 information)."""
        self.notify("window/showMessage", {"type": kind, "message": f"ChatBT: {message}"})

    # ---- diagnostics

    def changed(self, text: Open) -> None:
        """A text is another now: a client that does not ask is told once the messages at hand are through."""
        self._dirty[text.uri] = text

    def closed(self, text: Open) -> None:
        """A text is not open any more: nothing is shown of it, unless its file on the disk is asked for."""
        self.collector.release()
        self.workspace_changed.set()
        if (previews := self._previews.pop(text, None)) is not None:
            previews.stop()
        self.cleared(part.uri for part in text.parts)

    def cleared(self, uris: Iterable[str]) -> None:
        """Nothing is shown at these URIs any more."""
        if not self.client.pulls:
            for uri in uris:
                self.notify("textDocument/publishDiagnostics", {"uri": uri, "diagnostics": []})

    def previews(self, text: Open) -> Previews:
        """The diffs of a text's fixes, as far as they have been made."""
        if text not in self._previews:
            self._previews[text] = Previews(text, self._is_quiet, self.collector.answered)
        return self._previews[text]

    def _is_quiet(self) -> bool:
        """Whether nothing is wanted, and nothing has been for a moment. A command may take long, elsewhere."""
        wanted = any(method != _COMMAND for method, _ in self._running.values())
        return not wanted and time.monotonic() - self._heard >= _QUIET_S

    def flush(self) -> None:
        """Publish what changed. To be called when the messages at hand are through."""
        if self._dirty:
            self._flush()
        self.collector.answered()

    def _flush(self) -> None:
        dirty, self._dirty = self._dirty, {}
        self.features.prefetching.stop()
        for text in dirty.values():
            if self.documents.get(text.uri) is not text:
                continue
            if not self.client.pulls:
                self.publish(text)
            self.previews(text).changed()
            self.load_typed()

    def publish(self, text: Open) -> None:
        found = self.diagnostics(text)
        for part in text.parts:
            params: Json = {"uri": part.uri, "diagnostics": found[part.uri]}
            if self.client.versions and part.version is not None:
                params["version"] = part.version
            self.notify("textDocument/publishDiagnostics", params)

    def diagnostics(self, text: Open) -> dict[str, list[Json]]:
        """What is shown of a text, by the URI of its parts."""
        return diagnostics(text, self.client, self.docs_url)

    @property
    def docs_url(self) -> str | None:
        return self.folders.docs_url if self.folders else None

    # ---- settings

    def profile(self, path: Path | None, *, notebook: bool = False) -> Profile:
        """What is looked for in a file; what is wrong with its settings is said, once."""
        if self.folders is None:
            return NOTHING
        for message in map(str, self.folders.effective(path).messages):
            if message not in self._said:
                self._said.add(message)
                log.warning("%s", message)
                self.show(message)
        return self.folders.profile(path, notebook=notebook)

    def reconfigure(self) -> None:
        """Settings may be others now: bring the open texts up to date."""
        self._said.clear()
        for text in self.documents:
            profile = self.profile(text.path, notebook=text.is_notebook)
            if profile is not text.checker.profile:
                text.checker.configure(profile)
                self.changed(text)
        self.flush()
        self.workspace_changed.set()
        if self.client.pulls and self.client.refreshes and self.typed is not None:
            self.typed.refresh()

    # ---- pygls

    def _to_typed(self, message: Json) -> None:
        if self.typed is not None:
            self.typed.receive(message)
        elif self._failed:
            if message.get("id") is not None and "method" in message:
                self.refuse(message["id"], errors.INTERNAL_ERROR, "pygls cannot be loaded; the log says why")
        else:
            self._waiting.append(message)
            if message.get("id") is not None:
                self.load_typed()
            else:
                # Nobody waits for it, and the first diagnostics should not.
                asyncio.get_running_loop().call_later(_PATIENCE_S, self.load_typed)

    def load_typed(self) -> None:
        """Load pygls and the typed methods in a thread, if that has not begun."""
        if self._loading or self.initialize_params is None:
            return
        self._loading = True
        from chatbt.lsp.typed import load

        load(self, self._take_typed)

    async def loaded(self) -> None:
        """Wait until pygls is there. RefusedError if it cannot be loaded."""
        self.load_typed()
        await self._loaded.wait()
        if self.typed is None:
            raise RefusedError(errors.INTERNAL_ERROR, "pygls cannot be loaded; the log says why")

    @property
    def is_settled(self) -> bool:
        """Whether nothing is being loaded."""
        return not self._loading or self.typed is not None or self._failed

    def _take_typed(self, typed: "Typed | None") -> None:
        self.typed, self._failed = typed, typed is None
        self._loaded.set()
        self.collector.keep()
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            self._to_typed(message)
        self.flush()
