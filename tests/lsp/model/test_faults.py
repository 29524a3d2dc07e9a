"""What is said when the engine cannot: one message each, and the rules work on."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from chatbt.engine import installed
from chatbt.engine.places import Places
from tests.dsde.tiny import Pair, Tiny
from tests.enginehost.conftest import arguments
from tests.lsp.editor import Editor, capabilities, pushed_to
from tests.lsp.model.conftest import start

Json = dict[str, Any]
BAD = "def f(a=[]):\n    return a\n"
pytestmark = pytest.mark.asyncio
OURS: Json = {
    **pushed_to(capabilities("vscode")),
    "experimental": {"chatbt": {"status": True, "answers": True}},
}
START: Json = {"line": 0, "character": 8}


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """Where an engine may be."""
    places = Places(tmp_path / "r", tmp_path / "log")
    monkeypatch.setenv("CHATBT_RUNTIME_DIR", str(places.runtime))
    places.prepare()
    return places


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    """A tiny target and its draft."""
    return Tiny(tmp_path).pair(max_position_embeddings=8192)


async def explained(editor: Editor, uri: str) -> Any:
    await editor.until(lambda: editor.session.features.is_on)
    return editor.start("workspace/executeCommand", {"command": "chatbt.explain", "arguments": [uri, START]})


async def test_rules_work_on_when_the_engine_is_killed_in_mid_answer(
    tmp_path: Path, places: Places, pair: Pair
) -> None:
    with places.log.open("ab") as log:
        process = await asyncio.to_thread(start, arguments(pair), places, log.fileno())
    async with Editor(tmp_path, OURS) as editor:
        uri = editor.open("a.py", BAD)
        answer = await explained(editor, uri)
        await editor.until(lambda: editor.told_of("chatbt/answer"))
        os.kill(process.pid, signal.SIGSTOP)  # so that it does not come to the end
        editor.change(uri, 2, ("x = f'q'\n", (2, 0), (2, 0)))
        assert [one["code"] for one in editor.shown(uri)] == ["CC001", "CC012"]
        process.kill()
        result = await answer
        assert (result["source"], result["final"]) == ("card", True)
        assert result["note"].startswith("No model speaks here: the engine") and "CC001" in result["text"]
        editor.change(uri, 3, ("y = f'q'\n", (3, 0), (3, 0)))
        assert len(editor.shown(uri)) == 3
        # It is said in one place, which is the answer.
        assert editor.told_of("window/showMessage") == []
        await editor.until(lambda: editor.told_of("chatbt/status")[-1]["state"] == "degraded")
    process.wait()


async def test_an_engine_that_does_not_come_up_is_a_card_and_the_reason(tmp_path: Path, places: Places) -> None:
    places.runtime.chmod(0o777)
    async with Editor(tmp_path, OURS) as editor:
        result = await (await explained(editor, editor.open("a.py", BAD)))
        assert result["source"] == "card" and "can be written to by others" in result["note"]
        assert editor.told_of("chatbt/status")[-1]["state"] == "degraded"


async def test_without_the_extra_it_is_said_how_to_get_it(
    tmp_path: Path, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installed, "NEEDED", ("chatbt", "no_such_package"))
    async with Editor(tmp_path, OURS) as editor:
        result = await (await explained(editor, editor.open("a.py", BAD)))
        assert result["source"] == "card" and "pip install 'chatbt[engine]'" in result["note"]
        assert editor.told_of("chatbt/status")[0]["state"] == "rules"
        assert not places.token.exists()
