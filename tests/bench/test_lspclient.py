"""The bench's client, against a small real server process."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.corpus import Change
from tests.bench.lspclient import Client, ServerError, take_frame

SERVER = r"""
import json, sys

def send(message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    sys.stdout.buffer.flush()

while header := sys.stdin.buffer.readline():
    sys.stdin.buffer.readline()
    message = json.loads(sys.stdin.buffer.read(int(header.split(b":")[1])))
    method, params = message.get("method"), message.get("params")
    if method == "initialize":
        send({"id": message["id"], "result": {"capabilities": {"positionEncoding": "utf-16"}}})
    elif method in ("textDocument/didOpen", "textDocument/didChange"):
        document = params["textDocument"]
        found = [{"message": str(len(document.get("text", "")))}]
        published = {"uri": document["uri"], "version": document["version"], "diagnostics": found}
        for _ in range(1 if method.endswith("didOpen") else 2):
            send({"method": "textDocument/publishDiagnostics", "params": published})
    elif method == "configuration":
        asked_for = message["id"]
        send({"id": "ask", "method": "workspace/configuration", "params": {"items": [{}, {}]}})
    elif message.get("id") == "ask":
        send({"id": asked_for, "result": message["result"]})
    elif method == "fail":
        print("the reason", file=sys.stderr, flush=True)
        send({"id": message["id"], "error": {"code": -32603, "message": "no"}})
    elif method == "shutdown":
        send({"id": message["id"], "result": None})
    elif method in ("exit", "die"):
        break
"""


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    with Client([sys.executable, str(script)], tmp_path, environment=os.environ, timeout=20) as started:
        started.initialize()
        yield started


def test_diagnostics_are_those_of_the_version_asked_for(client: Client) -> None:
    client.open("file:///a.py", "x", version=7)
    assert client.diagnostics("file:///a.py", 7).value == [{"message": "1"}]


def test_a_text_larger_than_the_pipe_arrives(client: Client) -> None:
    client.open("file:///a.py", "x" * 3_000_000)
    assert client.diagnostics("file:///a.py", 1).value == [{"message": "3000000"}]


def test_a_second_set_for_the_same_version_is_counted(client: Client) -> None:
    client.change("file:///a.py", 2, Change((0, 0), (0, 0), "y"))
    client.diagnostics("file:///a.py", 2)
    client.request("configuration", {})
    assert client.published["file:///a.py"].repeats == 1


def test_a_question_of_the_server_is_answered(client: Client) -> None:
    assert client.request("configuration", {}).value == [None, None]


def test_an_error_carries_the_end_of_the_stderr(client: Client) -> None:
    with pytest.raises(ServerError, match="the reason"):
        client.request("fail", {})


def test_a_server_that_ends_is_an_error_and_no_hang(client: Client) -> None:
    with pytest.raises(ServerError, match="closed its output"):
        client.request("die", {})


def test_memory_is_that_of_a_living_process(client: Client) -> None:
    assert 1 < client.memory() < 1000


def test_half_a_frame_stays_in_the_buffer() -> None:
    buffer = bytearray(b"Content-Length: 4\r\n\r\n{}  Content-Length: 2\r\n\r\n{")
    assert take_frame(buffer) == b"{}  "
    assert take_frame(buffer) is None
    buffer += b"}"
    assert take_frame(buffer) == b"{}"
    assert not buffer
