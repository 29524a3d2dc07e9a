"""What no editor should send and no disk should hold, through the real server: it says so and goes on."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.process import BAD, HELLO, Process, message, opened

pytestmark = pytest.mark.slow
Json = dict[str, Any]
ODD, GOOD = "file:///odd.py", "file:///good.py"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Process]:
    with Process(tmp_path) as process:
        yield process


def changed(uri: str, version: int, *changes: Json) -> bytes:
    item = {"uri": uri, "version": version}
    return message("textDocument/didChange", {"textDocument": item, "contentChanges": list(changes)})


def closed(uri: str) -> bytes:
    return message("textDocument/didClose", {"textDocument": {"uri": uri}})


def span(line: Any, character: Any, end_line: Any, end_character: Any) -> Json:
    return {"start": {"line": line, "character": character}, "end": {"line": end_line, "character": end_character}}


def goes_on(server: Process) -> None:
    """The server still does its work, and ends well."""
    server.send(opened(GOOD))
    assert server.published(GOOD) == ["CC001"]
    hover = {"textDocument": {"uri": GOOD}, "position": {"line": 0, "character": 9}}
    server.send(message("textDocument/hover", hover, 50))
    assert "CC001" in server.answer(50)["result"]["contents"]["value"]
    action = {"textDocument": {"uri": GOOD}, "range": span(0, 0, 0, 9), "context": {"diagnostics": []}}
    server.send(message("textDocument/codeAction", action, 51))
    assert "error" not in server.answer(51)
    assert server.leave() == 0
    assert b"Traceback" not in server.errors.read_bytes()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("\ufeff", [], id="only a byte order mark"),
        pytest.param("x = 1\0\n", ["invalid-syntax"], id="a null byte"),
        pytest.param("x = '\ud800'\n", ["invalid-syntax"], id="half of a character"),
        pytest.param("x = '" + "y" * 5_000_000 + "'\nz = f'q'\n", ["invalid-syntax", "CC012"], id="a line of 5 MB"),
        pytest.param("(" * 100_000, ["invalid-syntax"], id="brackets without end"),
        pytest.param("\r\n\r\f\x0b\u2028\x85", ["invalid-syntax"], id="every line ending"),
    ],
)
def test_a_text_that_is_no_python_is_edited_and_closed(server: Process, text: str, codes: list[str]) -> None:
    server.send(HELLO, opened(ODD, text))
    assert server.published(ODD) == codes
    server.send(changed(ODD, 2, {"text": "z = f'q'\n", "range": span(0, 0, 0, 0)}))
    assert server.published(ODD)
    server.send(changed(ODD, 3, {"text": "z = f'q'\n"}))
    assert server.published(ODD) == ["CC012"]
    server.send(closed(ODD))
    assert server.published(ODD) == []
    goes_on(server)


def test_a_text_that_is_closed_before_it_is_looked_at_has_nothing_shown(server: Process) -> None:
    server.send(HELLO, opened(ODD), changed(ODD, 2, {"text": BAD * 500}), closed(ODD), changed(ODD, 3, {"text": BAD}))
    assert server.published(ODD) == []
    goes_on(server)


def test_a_text_that_is_closed_while_its_actions_are_made_is_only_closed(server: Process) -> None:
    server.send(HELLO, opened(ODD, BAD * 500))
    server.published(ODD)
    action = {"textDocument": {"uri": ODD}, "range": span(0, 0, 900, 0), "context": {"diagnostics": []}}
    server.send(message("textDocument/codeAction", action, 5), closed(ODD))
    server.answer(5)
    goes_on(server)


@pytest.mark.parametrize(
    "place",
    [
        span(-1, -1, -5, -5),
        span(1 << 40, 0, 1 << 62, 1 << 62),
        span(1.5, 0, 2, "x"),
        span(None, None, None, None),
        {"start": {"line": 0}},
        [],
        "0:0",
    ],
)
def test_a_change_of_an_impossible_range_does_no_harm(server: Process, place: Any) -> None:
    server.send(HELLO, opened(ODD))
    server.published(ODD)
    server.send(changed(ODD, 2, {"text": "", "range": place}), changed(ODD, 3, {"text": BAD}))
    assert server.published(ODD) == ["CC001"]
    goes_on(server)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b'{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": ',
        b"[" * 100_000,
        b'{"jsonrpc": "2.0", "id": {}, "method": "textDocument/hover"}',
        b'{"jsonrpc": "2.0", "id": 1e999, "method": "textDocument/hover", "params": {}}',
        b'{"jsonrpc": "2.0", "id": 7, "method": "codeAction/resolve", "params": {"title": 3, "data": []}}',
        b'{"jsonrpc": "2.0", "id": "an answer to nothing", "result": {}}',
        b'{"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": "of nothing"}}',
    ],
)
def test_a_message_that_is_none_does_no_harm(server: Process, body: bytes) -> None:
    server.send(HELLO, body)
    goes_on(server)


@pytest.mark.parametrize(
    "settings",
    [
        {"select": 3, "ignore": {"CC001": True}, "exclude": [1, None], "severity": ["CC001"], "hints": "yes"},
        {"target-version": [3, 11], "preview": "no", "ruff": 1, "docsUrl": 3, "diagnosticMode": [], "baseline": 0},
        "ignore",
        [[]],
    ],
    ids=str,
)
def test_settings_of_wrong_types_are_said_and_the_defaults_hold(server: Process, settings: Any) -> None:
    params: Json = {
        "processId": None,
        "rootUri": None,
        "capabilities": {},
        "initializationOptions": {"settings": settings},
    }
    server.send(message("initialize", params, 1))
    goes_on(server)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder in which a program must look before it reads."""
    root = tmp_path / "project"
    (root / "folder.py").mkdir(parents=True)
    (root / "folder.py" / "a.py").write_text(BAD)
    (root / "a.py").write_text(BAD)
    (root / "empty.py").touch()
    (root / "bom.py").write_bytes(b"\xef\xbb\xbf")
    (root / "nul.py").write_bytes(b"x = 1\0\n")
    (root / "utf16.py").write_bytes("x = 1\n".encode("utf-16"))
    (root / "long.py").write_text("x = '" + "y" * 5_000_000 + "'\n")
    (root / "closed.py").write_text(BAD)
    (root / "pyproject.toml").write_text("[tool.chatbt\n")
    if sys.platform != "win32":
        (root / "loop.py").symlink_to("loop.py")
        (root / "round").symlink_to(root)
        (root / "gone.py").symlink_to("nothing.py")
        os.mkfifo(root / "fifo.py")
    return root


def test_a_workspace_full_of_traps_is_checked_to_its_end(server: Process, project: Path) -> None:
    folder = {"uri": project.as_uri(), "name": "project"}
    diagnostic = {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": True}}}
    params: Json = {
        "processId": None,
        "rootUri": None,
        "workspaceFolders": [folder],
        "capabilities": diagnostic,
        "initializationOptions": {"settings": {"diagnosticMode": "workspace"}},
    }
    server.send(message("initialize", params, 1), message("initialized", {}))
    server.send(message("workspace/diagnostic", {"previousResultIds": []}, 2))
    found = {
        one["uri"].removeprefix(f"{project.as_uri()}/"): [item["code"] for item in one["items"]]
        for one in server.answer(2)["result"]["items"]
    }
    assert {name: codes for name, codes in found.items() if codes} == {
        "a.py": ["CC001"],
        "closed.py": ["CC001"],
        "folder.py/a.py": ["CC001"],
        "long.py": ["invalid-syntax"],
        "nul.py": ["invalid-syntax"],
        "utf16.py": ["invalid-syntax"],
    }
    assert server.leave() == 0


@pytest.mark.parametrize("name", ["folder.py", "loop.py", "gone.py", "fifo.py", "utf16.py", "nowhere/at/all.py"])
def test_what_is_open_counts_whatever_lies_on_the_disk(server: Process, project: Path, name: str) -> None:
    uri = f"{project.as_uri()}/{name}"
    params: Json = {"processId": None, "rootUri": project.as_uri(), "capabilities": {}}
    server.send(message("initialize", params, 1), opened(uri))
    while (said := server.read()).get("method") != "window/showMessage":
        pass
    assert "pyproject.toml:1: not valid TOML" in said["params"]["message"]
    assert server.published(uri) == ["CC001"]
    goes_on(server)


def test_a_header_that_promises_too_much_is_waited_for_and_the_end_is_the_end(server: Process) -> None:
    server.send(HELLO)
    server.answer(1)
    server.write(b"Content-Length: 999999999\r\n\r\n" + json.dumps({}).encode())
    assert server.process.stdin
    server.process.stdin.close()
    assert server.process.wait(10) == 1
