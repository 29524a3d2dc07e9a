"""Explaining what the cursor is on before it is asked for, and what a hover shows of it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from chatbt.lsp.model import prefetching
from chatbt.lsp.model.prefetching import on_battery
from chatbt.orchestrator.saying import Piece
from chatbt.orchestrator.speaker import Speaker, Subject
from tests.lsp.editor import Editor, capabilities, pushed_to

Json = dict[str, Any]
BAD = "def f(a=[]):\n    return a\n"
VSCODE = pushed_to(capabilities("vscode"))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefetching, "IDLE_S", 0.01)
    monkeypatch.setattr(prefetching, "on_battery", lambda: False)


async def hover(editor: Editor, uri: str) -> str:
    params = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 8}}
    return str((await editor.request("textDocument/hover", params))["contents"]["value"])


def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What the speaker is asked to explain, and with which priority."""
    asked: list[tuple[str, int]] = []
    explain = Speaker.explain

    def noted(self: Speaker, subject: Subject, *, priority: int = 0) -> Any:
        asked.append((subject.problem.id, priority))
        return explain(self, subject, priority=priority)

    monkeypatch.setattr(Speaker, "explain", noted)
    return asked


@pytest.mark.asyncio
@pytest.mark.usefixtures("engine")
async def test_what_the_cursor_is_on_is_explained_behind_all_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asked_for(monkeypatch)
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", BAD)
        await editor.until(lambda: editor.session.features.is_on)
        await hover(editor, uri)
        await editor.until(lambda: asked)
        await hover(editor, uri)
        assert asked == [("CC001", 10)]


@pytest.mark.asyncio
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("why", ["setting", "battery", "nothing there"])
async def test_nothing_is_explained_ahead_if_it_should_not_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    asked = asked_for(monkeypatch)
    if why == "battery":
        monkeypatch.setattr(prefetching, "on_battery", lambda: True)
    options = {"engine": {"prefetch": why != "setting"}}
    async with Editor(tmp_path, VSCODE, initializationOptions=options) as editor:
        uri = editor.open("a.py", "x = 1\n" if why == "nothing there" else BAD)
        await editor.until(lambda: editor.session.features.is_on)
        await editor.request(
            "textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 8}}
        )
        await asyncio.sleep(0.3)
        assert asked == []


@pytest.mark.asyncio
async def test_without_an_engine_none_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBT_RUNTIME_DIR", str(tmp_path / "r"))
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", BAD)
        await editor.until(lambda: editor.session.features.is_on)
        await hover(editor, uri)
        await asyncio.sleep(0.2)
        assert not (tmp_path / "r").exists()


@pytest.mark.asyncio
@pytest.mark.usefixtures("engine")
async def test_a_hover_shows_what_is_ready_of_the_explanation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", BAD)
        await editor.until(lambda: editor.session.features.is_on)
        before = await hover(editor, uri)
        await editor.session.features.speaker()
        for piece, shown in (
            (Piece("The list is made once. …"), "The list is made once. …"),
            (Piece("The list is made once. So share it.", True), "So share it."),
            (Piece("The card.", True, "card"), ""),
        ):
            monkeypatch.setattr(Speaker, "ready", lambda _self, _subject, piece=piece: piece)
            now = await hover(editor, uri)
            assert now.startswith(before) and now.endswith(f"---\n\n{piece.text}" if shown else before)


@pytest.mark.parametrize(
    ("supplies", "expected"),
    [
        ({}, False),
        ({"BAT0": {"type": "Battery", "status": "Discharging"}}, True),
        ({"BAT0": {"type": "Battery", "status": "Charging"}}, False),
        ({"BAT0": {"type": "Battery", "status": "Discharging"}, "AC": {"type": "Mains", "online": "1"}}, False),
        ({"BAT0": {"type": "Battery", "status": "Discharging"}, "AC": {"type": "Mains", "online": "0"}}, True),
        ({"mouse": {"type": "Battery", "scope": "Device", "status": "Discharging"}}, False),
    ],
)
def test_a_machine_is_on_its_battery_when_nothing_else_feeds_it(tmp_path: Path, supplies: Json, expected: bool) -> None:
    for name, files in supplies.items():
        (tmp_path / name).mkdir()
        for file, text in files.items():
            (tmp_path / name / file).write_text(f"{text}\n", encoding="ascii")
    assert on_battery(tmp_path) is expected
