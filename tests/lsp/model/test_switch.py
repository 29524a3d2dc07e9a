"""Whether there are model features: the switches, who may turn which, and that nothing is there while they are off."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from chatbt.engine.settings import Settings, settings_file
from chatbt.lsp.capabilities import MODEL_COMMANDS, MODEL_KINDS
from chatbt.lsp.model.settings import over_file, said_by
from tests.lsp.editor import Editor, ServerError, capabilities, pushed_to, span

pytestmark = pytest.mark.asyncio

Json = dict[str, Any]
BAD = "def f(a=[]):\n    return a\n"
VSCODE = pushed_to(capabilities("vscode"))
OURS: Json = {**VSCODE, "experimental": {"chatbt": {"status": True}}}
STATIC: Json = {key: value for key, value in OURS.items() if key != "workspace"}
OFF: Json = {"initializationOptions": {"engine": {"enabled": False}}}


async def statuses(editor: Editor) -> list[str]:
    await editor.until(lambda: editor.told_of("chatbt/status"))
    return [one["state"] for one in editor.told_of("chatbt/status")]


def registered(editor: Editor, method: str = "client/registerCapability") -> list[str]:
    """The methods that the client was asked to take, or to take back."""
    key = "registrations" if method == "client/registerCapability" else "unregisterations"
    return [each["method"] for one in editor.asked if one["method"] == method for each in one["params"][key]]


@pytest.mark.parametrize("way", ["environment", "editor"])
async def test_switched_off_there_is_no_command_and_no_action(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    if way == "environment":
        monkeypatch.setenv("CHATBT_ENGINE", "off")
    async with Editor(tmp_path, STATIC, **({} if way == "environment" else OFF)) as editor:
        assert not {*MODEL_COMMANDS} & {*editor.offers["executeCommandProvider"]["commands"]}
        assert not {*MODEL_KINDS} & {*editor.offers["codeActionProvider"]["codeActionKinds"]}
        assert await statuses(editor) == ["off"]
        uri = editor.open("a.py", BAD)
        for context in ({}, {"only": [*MODEL_KINDS]}):
            offered = await editor.actions(uri, span(0, 6, 0, 8), **dict[str, Any](context))
            assert not [one for one in offered if one["kind"] in MODEL_KINDS]


async def test_the_users_file_switches_off(tmp_path: Path) -> None:
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().write_text("[engine]\nenabled = false\n", encoding="utf-8")
    try:
        async with Editor(tmp_path, OURS) as editor:
            assert await statuses(editor) == ["off"]
            assert "settings.toml:2" in editor.told_of("chatbt/status")[0]["message"]
            assert "workspace/executeCommand" not in registered(editor)
    finally:
        settings_file().unlink()


async def test_a_client_that_lets_us_is_told_of_the_commands_and_that_they_are_gone(tmp_path: Path) -> None:
    editor = Editor(tmp_path, OURS)
    said: Json = {"engine": {"enabled": True}}
    editor.answers["workspace/configuration"] = lambda params: [said for _ in params["items"]]
    async with editor:
        await editor.until(lambda: "workspace/executeCommand" in registered(editor))
        assert "workspace/textDocumentContent" in registered(editor)
        said["engine"] = {"enabled": False}
        editor.notify("workspace/didChangeConfiguration", {"settings": None})
        await editor.until(lambda: registered(editor, "client/unregisterCapability"))
        assert (await statuses(editor))[-1] == "off"
        with pytest.raises(ServerError, match="off: the client setting has engine"):
            await editor.request("workspace/executeCommand", {"command": "chatbt.review", "arguments": ["x"]})


async def test_a_client_that_did_not_ask_for_it_is_told_no_status(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        await editor.until(lambda: editor.session.features.is_on)
        assert editor.told_of("chatbt/status") == []


async def test_what_sends_code_elsewhere_is_not_taken_from_a_workspace(tmp_path: Path) -> None:
    options = {"engine": {"url": "https://elsewhere.example", "prefetch": False}}
    async with Editor(tmp_path, OURS, initializationOptions=options) as editor:
        await editor.until(lambda: editor.told_of("window/showMessage"))
        [said] = editor.told_of("window/showMessage")
        assert "engine.url" in said["message"] and "a workspace could have said" in said["message"]
        assert "elsewhere" not in str(editor.told_of("chatbt/status"))
        assert not editor.session.features.prefetches


async def test_a_project_has_no_settings_of_the_engine(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.chatbt.engine]\nurl = "https://elsewhere.example"\n', "utf-8")
    async with Editor(tmp_path, OURS) as editor:
        editor.open("a.py", BAD)
        [said] = editor.told_of("window/showMessage")
        assert "chatbt.engine is not a setting" in said["message"]


async def test_what_the_editor_vouches_for_as_its_users_is_taken(tmp_path: Path) -> None:
    options = {"userSettings": {"engine": {"url": "https://elsewhere.example"}}}
    async with Editor(tmp_path, OURS, initializationOptions=options) as editor:
        await editor.until(lambda: editor.told_of("chatbt/status"))
        [status] = editor.told_of("chatbt/status")
        assert "are sent there" in status["message"] and "https://elsewhere.example" in status["message"]
        assert editor.told_of("window/showMessage") == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"engine": "off"}, "a table such as"),
        ({"engine": {"enabled": "no"}}, "true or false is expected"),
        ({"engine": {"colour": "red"}}, "is not known"),
        ({"engine": {"device": "cuda"}}, "Leaving it out"),
    ],
)
async def test_a_wrong_setting_is_a_message_and_the_default_holds(said: Json, expected: str) -> None:
    settings = over_file(Settings(), said_by(said, {}))
    [message] = settings.messages
    assert message.startswith("client setting: engine") and expected in message
    assert settings == Settings(messages=settings.messages)


async def test_what_is_off_in_the_file_an_editor_does_not_switch_on() -> None:
    off = Settings(enabled=False, why_off="the file")
    settings = over_file(off, said_by({"engine": {"enabled": True}}, {"userSettings": {"engine": {"enabled": True}}}))
    assert (settings.enabled, settings.why_off) == (False, "the file")


_SESSION = """
import asyncio, sys
from pathlib import Path
from tests.lsp.editor import Editor, capabilities, span

async def main():
    async with Editor(Path.cwd(), capabilities("vscode")) as editor:
        uri = editor.open("a.py", "def f(a=[]):\\n    return a\\n")
        await editor.until(lambda: editor.session.features.is_on)
        await editor.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        await editor.actions(uri, span(0, 6, 0, 8))
        at = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 7}}
        await editor.request("textDocument/hover", at)
        talking = {"httpx2", "chatbt.engine.client", "chatbt.orchestrator", "torch", "fastapi"}
        print(sorted(talking & set(sys.modules)))

asyncio.run(main())
"""


async def test_nothing_that_talks_to_an_engine_is_loaded_before_a_text_is_asked_for() -> None:
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SESSION, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    output, _ = await run.communicate()
    assert output.decode().strip() == "[]"
