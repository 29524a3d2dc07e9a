"""The server as a process of its own, with an engine in another."""

from pathlib import Path

import pytest

from tests.lsp.process import Process, message, opened

pytestmark = pytest.mark.usefixtures("engine")

OURS = {"experimental": {"chatbt": {"answers": True}}}
URI = "file:///a.py"


def test_an_explanation_grows_across_three_processes(tmp_path: Path) -> None:
    with Process(tmp_path) as server:
        hello = message("initialize", {"processId": None, "rootUri": None, "capabilities": OURS}, 1)
        server.send(hello, message("initialized", {}), opened(URI))
        command = {"command": "chatbt.explain", "arguments": [URI, {"line": 0, "character": 8}]}
        server.send(message("workspace/executeCommand", command, 2))
        told = []
        while (found := server.read()).get("id") != 2:
            told += [found["params"]] if found.get("method") == "chatbt/answer" else []
        assert len(told) > 1 and told[-1] == found["result"]
        assert server.leave() == 0
