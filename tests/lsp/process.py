"""The server as a process on pipes, and messages for it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from chatbt.lsp.wire import Frames, framed

Json = dict[str, Any]
COMMAND = [sys.executable, "-m", "chatbt", "lsp"]
BAD = "def f(a=[]):\n    return a\n"


def message(method: str, params: Any, number: int | None = None) -> bytes:
    return json.dumps(
        {"jsonrpc": "2.0", "method": method, "params": params} | ({} if number is None else {"id": number})
    ).encode()


def opened(uri: str, text: str = BAD) -> bytes:
    item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    return message("textDocument/didOpen", {"textDocument": item})


class Process:
    """The server on pipes."""

    def __init__(self, folder: Path, *options: str, within: Sequence[str] = ()) -> None:
        """`within` is a command that starts it."""
        self.errors = folder / "stderr"
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [*within, *COMMAND, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, cwd=folder
            )
        self._frames = Frames()
        self._bodies: Iterator[bytes] = iter(())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait(10)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def write(self, data: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, *bodies: bytes) -> None:
        self.write(b"".join(map(framed, bodies)))

    def read(self) -> Json:
        """The next message. EOFError if the server has closed its output."""
        assert self.process.stdout
        while (body := next(self._bodies, None)) is None:
            data = os.read(self.process.stdout.fileno(), 1 << 16)
            if not data:
                raise EOFError(self.errors.read_text(encoding="utf-8"))
            self._bodies = iter(list(self._frames.feed(data)))
        found: Json = json.loads(body)
        return found

    def answer(self, number: int) -> Json:
        """The answer to a request; what comes before it is dropped."""
        while (found := self.read()).get("id") != number:
            pass
        return found

    def published(self, uri: str) -> list[str]:
        """The codes of the next diagnostics of a text."""
        while True:
            found = self.read()
            if found.get("method") == "textDocument/publishDiagnostics" and found["params"]["uri"] == uri:
                return [one["code"] for one in found["params"]["diagnostics"]]

    def leave(self) -> int:
        self.send(message("shutdown", None, 99))
        assert self.answer(99)["result"] is None
        self.send(message("exit", None))
        return self.process.wait(10)


HELLO = message("initialize", {"processId": None, "rootUri": None, "capabilities": {}}, 1)
