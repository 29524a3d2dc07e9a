"""A language server driven over stdio, for timing: one thread, no library between the clock and the pipe.

Times are `time.perf_counter` seconds. A message's arrival is taken when its last byte has been read, before
it is decoded, so the price of decoding a long answer falls on nobody. Every wait has a deadline and ends in a
`ServerError` that carries the tail of the server's stderr. Positions are (line, column) in the units of
`Client.encoding`; the bench edits ASCII lines only, where all units agree.
"""

from __future__ import annotations

import os
import select
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast

import orjson

from tests.bench.capabilities import CAPABILITIES
from tests.bench.corpus import Change
from tests.bench.memory import resident_mib

Json = dict[str, Any]


class ServerError(RuntimeError):
    """The server died, answered with an error, or did not answer in time."""


@dataclass(frozen=True)
class Answer:
    """What came back, and when the last byte of it was read."""

    value: Any
    arrived: float


@dataclass
class Published:
    """A document's diagnostics: the first set of each version, and how many more came for one seen."""

    first: dict[int, Answer]
    repeats: int = 0


class Client:
    """One server process, from spawn to exit."""

    def __init__(
        self, command: Sequence[str], root: Path, *, environment: Mapping[str, str], timeout: float = 30.0
    ) -> None:
        self.command = list(command)
        self.root = root
        self.timeout = timeout
        self.pull = False
        self.encoding = "utf-16"
        self.offered: Json = {}
        self.published: dict[str, Published] = {}
        self.told: dict[str, list[Answer]] = {}
        """The other notifications, by method."""
        self._answers: dict[int, Answer | ServerError] = {}
        self._result_ids: dict[str, str] = {}
        self._next_id = 0
        self._input = bytearray()
        self._output = bytearray()
        self._files = ExitStack()
        self._stderr = os.memfd_create("stderr")
        self._files.callback(os.close, self._stderr)
        self.spawned = time.perf_counter()
        self.process = subprocess.Popen(
            self.command,
            cwd=root,
            env=dict(environment),
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
        )
        assert self.process.stdin and self.process.stdout
        for pipe in (self.process.stdin, self.process.stdout):
            self._files.callback(pipe.close)
            os.set_blocking(pipe.fileno(), False)
        self._stdin, self._stdout = self.process.stdin.fileno(), self.process.stdout.fileno()

    # ---- the protocol, as the bench speaks it

    def initialize(
        self, *, pull: bool = False, settings: Json | None = None, experimental: Json | None = None
    ) -> float:
        """Shake hands; return the arrival of the response. `pull` asks for diagnostics if offered."""
        capabilities = cast(Json, orjson.loads(orjson.dumps(CAPABILITIES)))
        if experimental is not None:
            capabilities["experimental"] = experimental
        if pull:
            capabilities["textDocument"]["diagnostic"] = {"dynamicRegistration": False}
        answer = self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "clientInfo": {"name": "bench"},
                "rootUri": self.root.as_uri(),
                "workspaceFolders": [{"uri": self.root.as_uri(), "name": self.root.name}],
                "capabilities": capabilities,
                "initializationOptions": settings or {},
            },
        )
        self.offered = answer.value["capabilities"]
        self.pull = pull and bool(self.offered.get("diagnosticProvider"))
        self.encoding = self.offered.get("positionEncoding", "utf-16")
        self.notify("initialized", {})
        return answer.arrived

    def open(self, uri: str, text: str, version: int = 1) -> None:
        document = {"uri": uri, "languageId": "python", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, uri: str, version: int, change: Change) -> None:
        (line, column), (end_line, end_column) = change.start, change.end
        where = {
            "start": {"line": line, "character": column},
            "end": {"line": end_line, "character": end_column},
        }
        self.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": uri, "version": version},
                "contentChanges": [{"range": where, "text": change.text}],
            },
        )

    def close(self, uri: str) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        self.published.pop(uri, None)
        self._result_ids.pop(uri, None)

    def diagnostics(self, uri: str, version: int) -> Answer:
        """The diagnostics of that version: as published, or pulled if `initialize` agreed on that."""
        if self.pull:
            return self._pulled(uri)
        published = self.published.setdefault(uri, Published({}))
        self._until(lambda: version in published.first, f"diagnostics of version {version} of {uri}")
        return published.first[version]

    def begin(self, method: str, params: Json) -> int:
        """Send a request; `finish` waits for its answer."""
        self._next_id += 1
        self._send({"jsonrpc": "2.0", "id": self._next_id, "method": method, "params": params})
        return self._next_id

    def request(self, method: str, params: Json) -> Answer:
        return self.finish(self.begin(method, params), method)

    def finish(self, number: int, what: str) -> Answer:
        """The answer to a request that has been sent."""
        self._until(lambda: number in self._answers, what)
        answer = self._answers.pop(number)
        if isinstance(answer, ServerError):
            raise answer
        return answer

    def notify(self, method: str, params: Json) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def drain(self, seconds: float) -> None:
        """Read whatever arrives in that time; nothing need arrive."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._turn(left)

    def memory(self) -> float:
        """Resident MiB of the server and of the processes it started."""
        return resident_mib(self.process.pid)

    def stop(self) -> None:
        """Shut down as the protocol asks, then by force; safe to call twice."""
        if self.process.poll() is None:
            try:
                self.request("shutdown", {})
                self.notify("exit", {})
                self.process.wait(5)
            except (ServerError, OSError, subprocess.TimeoutExpired):
                self.process.kill()
                self.process.wait()
        self._files.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # ---- frames

    def _pulled(self, uri: str) -> Answer:
        params: Json = {"textDocument": {"uri": uri}}
        if uri in self._result_ids:
            params["previousResultId"] = self._result_ids[uri]
        answer = self.request("textDocument/diagnostic", params)
        if "resultId" in answer.value:
            self._result_ids[uri] = answer.value["resultId"]
        return Answer(answer.value.get("items", []), answer.arrived)

    def _send(self, message: Json) -> None:
        self._queue(message)
        self._until(lambda: not self._output, f"room in the server's input for {message['method']}")

    def _queue(self, message: Json) -> None:
        body = orjson.dumps(message)
        self._output += b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        self._write()

    def _until(self, done: Callable[[], bool], what: str) -> None:
        end = time.perf_counter() + self.timeout
        while not done():
            left = end - time.perf_counter()
            if left <= 0:
                raise self._failure(f"no {what} within {self.timeout:g} s")
            self._turn(left)

    def _turn(self, timeout: float) -> None:
        """Wait for the pipes once, and move what they give and take."""
        readable, writable, _ = select.select([self._stdout], [self._stdin] if self._output else [], [], timeout)
        if writable:
            self._write()
        if readable:
            self._read()

    def _write(self) -> None:
        try:
            while self._output:
                del self._output[: os.write(self._stdin, self._output[:65536])]
        except BlockingIOError:
            return
        except BrokenPipeError:
            raise self._failure("the server closed its input") from None

    def _read(self) -> None:
        data = os.read(self._stdout, 1 << 20)
        arrived = time.perf_counter()
        if not data:
            raise self._failure("the server closed its output")
        self._input += data
        while (body := take_frame(self._input)) is not None:
            self._handle(orjson.loads(body), arrived)

    def _handle(self, message: Json, arrived: float) -> None:
        if "method" not in message:
            error = message.get("error")
            self._answers[message["id"]] = (
                self._failure(str(error)) if error else Answer(message.get("result"), arrived)
            )
        elif message["method"] == "textDocument/publishDiagnostics":
            params = message["params"]
            version = params.get("version")
            published = self.published.setdefault(params["uri"], Published({}))
            if version in published.first:
                published.repeats += 1
            elif version is not None:
                published.first[version] = Answer(params["diagnostics"], arrived)
        elif "id" in message:
            wanted = message["params"].get("items", []) if message["method"] == "workspace/configuration" else None
            result = None if wanted is None else [None] * len(wanted)
            self._queue({"jsonrpc": "2.0", "id": message["id"], "result": result})
        else:
            self.told.setdefault(message["method"], []).append(Answer(message.get("params"), arrived))

    def _failure(self, what: str) -> ServerError:
        size = os.fstat(self._stderr).st_size
        tail = os.pread(self._stderr, 4000, max(0, size - 4000)).decode(errors="replace").strip()
        return ServerError(f"{' '.join(self.command)}: {what}" + (f"; its stderr ends with:\n{tail}" if tail else ""))


def take_frame(buffer: bytearray) -> bytes | None:
    """Cut the first whole message body off the buffer; None when there is none yet."""
    head = buffer.find(b"\r\n\r\n")
    if head < 0:
        return None
    for line in bytes(buffer[:head]).split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            end = head + 4 + int(value)
            if len(buffer) < end:
                return None
            body = bytes(buffer[head + 4 : end])
            del buffer[:end]
            return body
    raise ServerError(f"a message without Content-Length: {bytes(buffer[:head])!r}")
