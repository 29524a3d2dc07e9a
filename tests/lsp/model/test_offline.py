"""End to end with the bundled pair and no network: `chatbt explain`, then an editor, and the engine that both share.

Every process has a `sitecustomize` that refuses each look-up of a name and each connection but those to Unix sockets
and to the loopback device, and writes down what was refused. Where the system permits it, they live in a network
namespace of their own too (`unshare -n`), in which code that is not Python reaches nothing either.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chatbt.engine.launcher import ended, found
from chatbt.engine.models.pairs import bundled
from chatbt.engine.places import Places
from tests.lsp.process import Process, message, opened

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bundled() is None, reason="this checkout has no bundled pair")]

ADD = "def add(item, bucket=[]):\n    bucket.append(item)\n    return bucket\n"
OURS = {"experimental": {"chatbt": {"answers": True}}}
_REFUSING = """
import os, sys

def refuse(event, told):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        place = told[1]
        if not isinstance(place, tuple) or str(place[0]).startswith("127.") or place[0] == "::1":
            return
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        place = told[0]
    else:
        return
    with open(os.environ["CHATBT_TESTS_REFUSED"], "a") as file:
        file.write(f"{sys.argv}: {event} {place}\\n")
    raise OSError(101, "Network is unreachable")

sys.addaudithook(refuse)
"""
_REACHING = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"


@dataclass(frozen=True)
class Alone:
    """Where nothing can be reached: what starts a process in it, and the file of what was refused."""

    within: list[str]
    refused: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run an interpreter."""
        command = [*self.within, sys.executable, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Alone]:
    """The network denied, and an engine's folder of its own; an engine that is started there is ended."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(_REFUSING)
    refused = tmp_path / "refused"
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("CHATBT_TESTS_REFUSED", str(refused))
    monkeypatch.setenv("CHATBT_RUNTIME_DIR", str(tmp_path / "r"))
    for name in ("CHATBT_ENGINE", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    yield Alone(namespace(), refused)
    asyncio.run(ended(Places.of_user()))


def namespace() -> list[str]:
    """What starts a process in a network namespace of its own, nothing where that is not permitted."""
    within = ["unshare", "--map-root-user", "--net"]
    try:
        subprocess.run([*within, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return within


def explained(server: Process, uri: str) -> tuple[list[Any], Any]:
    """What an editor of our own is told while a finding is explained to it, and the whole."""
    hello = message("initialize", {"processId": None, "rootUri": None, "capabilities": OURS}, 1)
    server.send(hello, message("initialized", {}), opened(uri, ADD))
    assert server.published(uri) == ["CC001"]
    command = {"command": "chatbt.explain", "arguments": [uri, {"line": 0, "character": 8}]}
    server.send(message("workspace/executeCommand", command, 2))
    told = []
    while (heard := server.read()).get("id") != 2:
        told += [heard["params"]] if heard.get("method") == "chatbt/answer" else []
    return told, heard["result"]


def test_the_bundled_pair_explains_in_the_terminal_and_in_an_editor_without_a_network(
    alone: Alone, tmp_path: Path
) -> None:
    file = tmp_path / "a.py"
    file.write_text(ADD)
    done = alone.run("-m", "chatbt", "explain", f"{file}:1", "--output-format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    terminal = json.loads(done.stdout)
    assert (terminal["code"], terminal["source"], terminal["note"]) == ("CC001", "model", "")
    assert "`bucket`" in terminal["text"] and terminal["figures"]["rounds"] > 0

    with Process(tmp_path, within=alone.within) as server:
        told, whole = explained(server, "file:///b.py")
        assert server.leave() == 0
    assert len(told) > 1 and told[-1] == whole
    assert (whole["code"], whole["source"], whole["text"]) == ("CC001", "model", terminal["text"])
    known = asyncio.run(found(Places.of_user()))
    assert known is not None and known[1].model == "bundled"
    # Nobody tried: not the command, not the server, not the engine. Whoever does is refused, and written down.
    assert not alone.refused.exists()
    tried = alone.run("-c", _REACHING)
    assert tried.returncode == 1 and "192.0.2.1" in alone.refused.read_text()
