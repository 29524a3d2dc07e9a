"""An editor in the same process and on the same event loop as the session it talks to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

import orjson
from pytest_lsp import client_capabilities

from chatbt.lsp.pygls_server import converter
from chatbt.lsp.session import Session

Json = dict[str, Any]

CAPABILITIES = Path(__file__).parent / "capabilities"
PLAIN: Json = {"general": {"positionEncodings": ["utf-16"]}}
"""A client that can do next to nothing."""


def capabilities(name: str) -> Json:
    """What a client can do: "vscode" as recorded here, "neovim" and "emacs" as pytest-lsp has them."""
    if name == "vscode":
        found: Json = json.loads((CAPABILITIES / "vscode-1.139.json").read_text(encoding="utf-8"))
        return found
    plain = converter().unstructure(client_capabilities(name))
    as_sent: Json = json.loads(json.dumps(plain, default=lambda member: member.value))
    return as_sent


def pushed_to(offered: Json) -> Json:
    """The same client without pull diagnostics, which wants versions."""
    copied: Json = json.loads(json.dumps(offered))
    copied["textDocument"].pop("diagnostic", None)
    copied["textDocument"]["publishDiagnostics"]["versionSupport"] = True
    return copied


class ServerError(Exception):
    """A request was answered with an error."""

    def __init__(self, error: Json) -> None:
        super().__init__(error["message"])
        self.code: int = error["code"]


class Editor:
    """Sends what an editor sends, keeps what it is told. `answers` are its replies to the server's requests."""

    def __init__(self, root: Path, offered: Json | None = None, **initialize: Any) -> None:
        self.root = root
        self.exits: list[int] = []
        self.session = Session(self._take, self.exits.append)
        self.told: list[Json] = []
        self.asked: list[Json] = []
        self.answers: dict[str, Callable[[Any], Any]] = {}
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._number = 0
        self._initialize = {
            "processId": None,
            "rootUri": root.as_uri(),
            "workspaceFolders": [{"uri": root.as_uri(), "name": root.name}],
            "capabilities": PLAIN if offered is None else offered,
            **initialize,
        }
        self.offers: Json = {}

    async def __aenter__(self) -> Self:
        answer = await self.request("initialize", self._initialize)
        self.offers = answer["capabilities"]
        self.notify("initialized", {})
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.until(lambda: self.session.is_settled)
        for text in self.session.documents:
            self.session.previews(text).stop()
        for future in self._waiting.values():
            future.cancel()

    # ---- messages

    def notify(self, method: str, params: Json) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    async def request(self, method: str, params: Any) -> Any:
        async with asyncio.timeout(10):
            return await self.start(method, params)

    def start(self, method: str, params: Any) -> asyncio.Future[Any]:
        """A request under way; `future.number` is its id."""
        self._number += 1
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[self._number] = future
        self.send({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        return future

    @property
    def last_id(self) -> int:
        return self._number

    def send(self, message: Json) -> None:
        self.session.receive(orjson.dumps(message))
        self.session.flush()

    def _take(self, body: bytes) -> None:
        message = orjson.loads(body)
        if "method" not in message:
            future = self._waiting.pop(message["id"], None)
            if future is None:
                self.told.append(message)
            elif "error" in message:
                future.set_exception(ServerError(message["error"]))
            else:
                future.set_result(message["result"])
        elif "id" in message:
            self.asked.append(message)
            answer = self.answers.get(message["method"])
            result = None if answer is None else answer(message["params"])
            reply = {"jsonrpc": "2.0", "id": message["id"], "result": result}
            asyncio.get_running_loop().call_soon(self.send, reply)
        else:
            self.told.append(message)

    async def until(self, seen: Callable[[], Any]) -> Any:
        """What `seen` returns, once it is something. TimeoutError after ten seconds."""
        async with asyncio.timeout(10):
            while not (found := seen()):  # noqa: ASYNC110 - what is waited for has no event of its own
                await asyncio.sleep(0.005)
        return found

    def told_of(self, method: str) -> list[Any]:
        """The parameters of the notifications of a method, in order."""
        return [message["params"] for message in self.told if message.get("method") == method]

    # ---- documents

    def uri(self, name: str) -> str:
        return (self.root / name).as_uri()

    def open(self, name: str, text: str, version: int = 1) -> str:
        """Open a file of the root without writing it; its URI."""
        uri = self.uri(name)
        item = {"uri": uri, "languageId": "python", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def change(self, uri: str, version: int, *changes: tuple[str, tuple[int, int], tuple[int, int]]) -> None:
        """Replace ranges: (text, start, end) each, in the client's lines and characters."""
        self.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": uri, "version": version},
                "contentChanges": [{"text": text, "range": span(*start, *end)} for text, start, end in changes],
            },
        )

    def close(self, uri: str) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def published(self, uri: str) -> list[Json]:
        """Every set of diagnostics that was pushed for a URI."""
        return [one for one in self.told_of("textDocument/publishDiagnostics") if one["uri"] == uri]

    def shown(self, uri: str) -> list[Json]:
        """The diagnostics that were pushed last."""
        found: list[Json] = self.published(uri)[-1]["diagnostics"]
        return found

    async def actions(self, uri: str, place: Json, diagnostics: Iterable[Json] = (), **context: Any) -> list[Json]:
        params = {
            "textDocument": {"uri": uri},
            "range": place,
            "context": {"diagnostics": list(diagnostics), **context},
        }
        return await self.request("textDocument/codeAction", params) or []


def span(line: int, character: int, end_line: int, end_character: int) -> Json:
    return {"start": {"line": line, "character": character}, "end": {"line": end_line, "character": end_character}}


def edited(text: str, edits: Iterable[Json]) -> str:
    """An ASCII text after LSP's text edits."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def offset(place: Json) -> int:
        line: int = min(place["line"], len(starts) - 1)
        character: int = place["character"]
        return min(starts[line] + character, len(text))

    for edit in sorted(edits, key=lambda edit: offset(edit["range"]["start"]), reverse=True):
        text = text[: offset(edit["range"]["start"])] + edit["newText"] + text[offset(edit["range"]["end"]) :]
    return text


def changes_of(edit: Json, uri: str) -> list[Json]:
    """The text edits of one document in a WorkspaceEdit of either form."""
    if "changes" in edit:
        found: list[Json] = edit["changes"].get(uri, [])
        return found
    return [
        change
        for one in edit["documentChanges"]
        if one.get("textDocument", {}).get("uri") == uri
        for change in one["edits"]
    ]
