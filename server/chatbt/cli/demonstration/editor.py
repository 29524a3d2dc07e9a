"""An editor of few words: starts the server as a process of its own and speaks LSP with it over pipes."""

import json
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO, Self

Json = dict[str, Any]

COMMAND = (sys.executable, "-m", "chatbt", "lsp")
DEADLINE = 30.0  # seconds for any answer
_CAPABILITIES: Json = {
    # Columns in code points, as Python counts them.
    "general": {"positionEncodings": ["utf-32", "utf-16"]},
    "textDocument": {
        "publishDiagnostics": {"versionSupport": True, "codeDescriptionSupport": True, "dataSupport": True},
        "hover": {"contentFormat": ["markdown"]},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "refactor", "source"]}},
            "isPreferredSupport": True,
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
    },
    "workspace": {"workspaceEdit": {"documentChanges": True}},
}


class EditorError(Exception):
    """The server died, refused, or did not answer in time."""


class Editor:
    """One server and the documents it has been shown."""

    def __init__(self, root: Path, log: Path) -> None:
        """Start the server in the folder `root`; what it has to say for itself goes to the file `log`."""
        self.took = 0.0
        self._number = 0
        self._texts: dict[str, tuple[str, int]] = {}
        self._published: dict[str, tuple[int, list[Json]]] = {}
        self._answers: dict[int, Json] = {}
        self._arrived: queue.SimpleQueue[Json | None] = queue.SimpleQueue()
        began = time.perf_counter()
        self._log = log
        with log.open("wb") as stderr:
            self.process = subprocess.Popen(
                COMMAND, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr
            )
        threading.Thread(target=self._listen, daemon=True).start()
        folder = {"uri": root.as_uri(), "name": root.name}
        params = {"processId": None, "rootUri": root.as_uri(), "workspaceFolders": [folder]}
        answer = self.request("initialize", {**params, "capabilities": _CAPABILITIES})
        self.took = time.perf_counter() - began
        self.server: Json = answer["serverInfo"]
        self.notify("initialized", {})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.request("shutdown", None)
            self.notify("exit", None)
            self.process.wait(5)
        except (EditorError, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()

    def open(self, path: Path) -> list[Json]:
        """Show the server a file; what it says of it."""
        uri, text = path.as_uri(), path.read_text(encoding="utf-8")
        self._texts[uri] = text, 1
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return self._diagnostics(uri)

    def text(self, path: Path) -> str:
        return self._texts[path.as_uri()][0]

    def edit(self, path: Path, edits: list[Json]) -> list[Json]:
        """Apply edits to an open file and show the server the result; what it says then."""
        uri = path.as_uri()
        text, version = self._texts[uri]
        changed = applied(text, edits)
        self._texts[uri] = changed, version + 1
        identifier = {"uri": uri, "version": version + 1}
        self.notify("textDocument/didChange", {"textDocument": identifier, "contentChanges": [{"text": changed}]})
        return self._diagnostics(uri)

    def hover(self, path: Path, place: Json) -> str | None:
        """The Markdown that stands over a place."""
        answer = self.request("textDocument/hover", {"textDocument": {"uri": path.as_uri()}, "position": place})
        return None if answer is None else str(answer["contents"]["value"])

    def fixes(self, path: Path, diagnostic: Json) -> list[Json]:
        """The quick fixes of a diagnostic, each with its edits of this file."""
        return self._actions(path, diagnostic["range"], {"diagnostics": [diagnostic], "only": ["quickfix"]})

    def rewrites(self, path: Path) -> list[Json]:
        """What is suggested in a file, a few of it, each with its edits of this file."""
        end = {"line": self.text(path).count("\n"), "character": 0}
        whole = {"start": {"line": 0, "character": 0}, "end": end}
        return self._actions(path, whole, {"diagnostics": [], "only": ["refactor.rewrite"]})

    def _actions(self, path: Path, place: Json, context: Json) -> list[Json]:
        params = {"textDocument": {"uri": path.as_uri()}, "range": place, "context": context}
        found = []
        for action in self.request("textDocument/codeAction", params) or ():
            resolved = action if {"edit", "command"} & set(action) else self.request("codeAction/resolve", action)
            if edits := edits_of(resolved.get("edit"), path.as_uri()):
                found.append({**resolved, "edits": edits})
        return found

    def request(self, method: str, params: Json | None) -> Any:
        """The result of a request. EditorError if there is none."""
        self._number += 1
        number = self._number
        self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        self._until(lambda: number in self._answers, method)
        answer = self._answers.pop(number)
        if "error" in answer:
            raise self._failure(f"{method}: {answer['error']['message']}")
        return answer.get("result")

    def notify(self, method: str, params: Json | None) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def _diagnostics(self, uri: str) -> list[Json]:
        version = self._texts[uri][1]
        self._until(lambda: self._published.get(uri, (0, []))[0] >= version, f"diagnostics of {uri}")
        return self._published[uri][1]

    def _send(self, message: Json) -> None:
        body = json.dumps(message).encode()
        try:
            pipe = _pipe(self.process.stdin)
            pipe.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            pipe.flush()
        except OSError as error:
            raise self._failure("the server has ended") from error

    def _until(self, done: Any, what: str) -> None:
        """Handle what arrives until `done()`."""
        end = time.monotonic() + DEADLINE
        while not done():
            try:
                message = self._arrived.get(timeout=max(end - time.monotonic(), 0))
            except queue.Empty:
                raise self._failure(f"no answer within {DEADLINE:g} s: {what}") from None
            if message is None:
                raise self._failure(f"the server ended with status {self.process.wait()} before it answered: {what}")
            self._handle(message)

    def _handle(self, message: Json) -> None:
        if "method" not in message:
            self._answers[message["id"]] = message
        elif message["method"] == "textDocument/publishDiagnostics":
            params = message["params"]
            self._published[params["uri"]] = params.get("version") or 0, params["diagnostics"]
        elif "id" in message:  # no request of the server's needs more than to be answered
            self._send({"jsonrpc": "2.0", "id": message["id"], "result": None})

    def _failure(self, what: str) -> EditorError:
        """What went wrong, with the end of the server's log."""
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return EditorError("\n".join((what, *lines[-5:])))

    def _listen(self) -> None:
        """Runs in a thread: takes messages off the pipe until it ends."""
        pipe = _pipe(self.process.stdout)
        while True:
            length = 0
            while (line := pipe.readline()).strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not line:
                self._arrived.put(None)
                return
            self._arrived.put(json.loads(pipe.read(length)))


def _pipe(pipe: Any) -> BinaryIO:
    assert pipe is not None
    stream: BinaryIO = pipe
    return stream


def edits_of(edit: Json | None, uri: str) -> list[Json]:
    """The edits that a workspace edit has for one file."""
    if not edit:
        return []
    changes = [one["edits"] for one in edit.get("documentChanges", ()) if one["textDocument"]["uri"] == uri]
    return [one for edits in (*changes, edit.get("changes", {}).get(uri, ())) for one in edits]


def applied(text: str, edits: list[Json]) -> str:
    """The text after the edits."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def index(place: Json) -> int:
        start: int = starts[min(place["line"], len(lines))]
        return min(start + int(place["character"]), len(text))

    for edit in sorted(edits, key=lambda edit: index(edit["range"]["start"]), reverse=True):
        start, stop = index(edit["range"]["start"]), index(edit["range"]["end"])
        text = text[:start] + edit["newText"] + text[stop:]
    return text
