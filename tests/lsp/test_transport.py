"""The server as a process: bytes in, bytes out."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from chatbt.lsp.wire import Frames, framed
from tests.lsp.process import COMMAND, HELLO, Process, message, opened

Json = dict[str, Any]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Process]:
    with Process(tmp_path) as process:
        yield process


def test_a_session_from_start_to_end(server: Process) -> None:
    server.send(HELLO)
    assert server.answer(1)["result"]["serverInfo"]["name"] == "chatbt"
    server.send(message("initialized", {}), opened("file:///a.py"))
    assert server.published("file:///a.py") == ["CC001"]
    server.send(message("textDocument/hover", {"textDocument": {"uri": "file:///a.py"},
                                               "position": {"line": 0, "character": 9}}, 2))  # fmt: skip
    assert "CC001" in server.answer(2)["result"]["contents"]["value"]
    assert server.leave() == 0


def test_all_messages_may_come_before_the_first_answer(server: Process) -> None:
    server.send(HELLO, message("initialized", {}), opened("file:///a.py"))
    assert server.answer(1)["result"]["capabilities"]
    assert server.published("file:///a.py") == ["CC001"]


def test_messages_may_come_byte_by_byte(server: Process) -> None:
    for byte in framed(HELLO) + framed(opened("file:///a.py")):
        server.write(bytes([byte]))
    assert server.answer(1)["result"]
    assert server.published("file:///a.py") == ["CC001"]


@pytest.mark.parametrize(
    "noise",
    [
        pytest.param(framed(b"{not json"), id="no JSON"),
        pytest.param(framed(b"[]"), id="a batch"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", id="HTTP"),
        pytest.param(b"Content-Length: minus\r\n\r\n", id="a bad length"),
        pytest.param(
            framed(b'{"jsonrpc": "2.0", "id": 7, "method": "initialize"}'), id="initialize without parameters"
        ),
        pytest.param(framed(b'{"jsonrpc": "2.0", "id": 7, "result": null}'), id="an answer to nothing"),
        pytest.param(framed(message("textDocument/hover", {}, 7)), id="a request too early"),
    ],
)
def test_noise_before_initialize_does_no_harm(server: Process, noise: bytes) -> None:
    server.write(noise)
    server.send(HELLO)
    assert server.answer(1)["result"]["capabilities"]
    server.send(opened("file:///a.py"))
    assert server.published("file:///a.py") == ["CC001"]


@pytest.mark.parametrize("noise", [framed(b"\x00\xff"), b"rubbish\r\n\r\n", framed(b"")])
def test_noise_in_a_session_does_no_harm(server: Process, noise: bytes) -> None:
    server.send(HELLO)
    server.write(noise)
    server.send(opened("file:///a.py"))
    assert server.published("file:///a.py") == ["CC001"]


def test_the_end_of_input_is_the_end_of_the_server(server: Process) -> None:
    server.send(HELLO)
    server.answer(1)
    assert server.process.stdin
    server.process.stdin.close()
    assert server.process.wait(10) == 1


def test_after_the_first_diagnostics_neither_libcst_nor_torch_is_loaded(tmp_path: Path) -> None:
    with Process(tmp_path, "--log-level", "info") as server:
        server.send(HELLO, message("initialized", {}), opened("file:///a.py"))
        server.published("file:///a.py")
        maps = Path(f"/proc/{server.process.pid}/maps").read_text(encoding="utf-8")
        assert "libcst" not in maps and "torch" not in maps
        assert "orjson" in maps


def test_the_log_goes_to_a_file(tmp_path: Path) -> None:
    with Process(tmp_path, "--log-file", str(tmp_path / "log")) as server:
        server.send(HELLO, b"{not json", opened("file:///a.py"))
        server.published("file:///a.py")
        assert "no JSON" in (tmp_path / "log").read_text(encoding="utf-8")
        assert server.errors.read_bytes() == b""


def test_the_log_is_shown_by_the_client_and_not_written_to_standard_error(server: Process) -> None:
    server.send(HELLO, b"{not json")
    server.answer(1)
    while (said := server.read()).get("method") != "window/logMessage":
        pass
    assert said["params"]["type"] == 2 and "no JSON" in said["params"]["message"]
    assert server.leave() == 0
    assert server.errors.read_bytes() == b""


# ---- sockets


@asynccontextmanager
async def listening(option: str) -> AsyncIterator[tuple[str, int]]:
    """The address of a server on a free port."""
    process = await asyncio.create_subprocess_exec(*COMMAND, option, "127.0.0.1:0", stderr=asyncio.subprocess.PIPE)
    assert process.stderr
    try:
        line = (await process.stderr.readline()).decode()
        host, _, port = line.rpartition(" ")[2].strip().rpartition(":")
        yield host, int(port)
    finally:
        process.kill()
        await process.wait()


async def over_tcp(host: str, port: int, *bodies: bytes) -> Json:
    """The diagnostics that are published after these messages."""
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"".join(map(framed, bodies)))
    frames = Frames()
    while True:
        for body in frames.feed(await reader.read(1 << 16)):
            found: Json = json.loads(body)
            if found.get("method") == "textDocument/publishDiagnostics":
                writer.close()
                await writer.wait_closed()
                params: Json = found["params"]
                return params


@pytest.mark.asyncio
async def test_tcp_serves_several_clients_apart() -> None:
    async with listening("--tcp") as (host, port), asyncio.timeout(20):
        first, second = await asyncio.gather(
            over_tcp(host, port, HELLO, opened("file:///a.py")), over_tcp(host, port, HELLO, opened("file:///b.py"))
        )
        assert (first["uri"], second["uri"]) == ("file:///a.py", "file:///b.py")
        assert [one["code"] for one in first["diagnostics"]] == ["CC001"]


@pytest.mark.asyncio
async def test_websocket_messages_have_no_header() -> None:
    async with listening("--ws") as (host, port), asyncio.timeout(20), connect(f"ws://{host}:{port}") as socket:
        for body in (HELLO, opened("file:///a.py")):
            await socket.send(body.decode())
        assert json.loads(await socket.recv())["id"] == 1
        published = json.loads(await socket.recv())
        assert [one["code"] for one in published["params"]["diagnostics"]] == ["CC001"]


@pytest.mark.parametrize(
    "options", [["--tcp", "nowhere"], ["--tcp", "1:2", "--ws", "1:2"], ["--log-file", "/no/such/x"]]
)
def test_wrong_options_are_refused(options: list[str]) -> None:
    run = subprocess.run([*COMMAND, *options], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=20)
    assert run.returncode == 2
    assert b"chatbt lsp:" in run.stderr
