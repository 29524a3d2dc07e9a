"""Settings: from files, from the client, live, for several folders."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from chatbt.lsp import watching
from tests.lsp.editor import PLAIN, Editor, capabilities, pushed_to

pytestmark = pytest.mark.asyncio

Json = dict[str, Any]
VSCODE = pushed_to(capabilities("vscode"))
BAD = "def f(a=[]):\n    return a\n"
OFF = 'ignore = ["CC001"]\n'


def settled(editor: Editor, uri: str, count: int) -> Any:
    """Waits until so many diagnostics are shown."""
    return editor.until(lambda: len(editor.shown(uri)) == count)


async def test_a_changed_configuration_file_holds_at_once(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", BAD)
        file = tmp_path / "chatbt.toml"
        for text, count, kind in ((OFF, 0, 1), ("", 1, 2), (OFF, 0, 2)):
            file.write_text(text, encoding="utf-8")
            editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": file.as_uri(), "type": kind}]})
            await settled(editor, uri, count)


async def test_the_client_is_asked_to_tell_of_configuration_files(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        await editor.until(lambda: len(editor.asked) > 1)
        asked = next(one for one in editor.asked if one["method"] == "client/registerCapability")
        wanted = {one["method"]: one["registerOptions"] for one in asked["params"]["registrations"]}
        assert wanted["workspace/didChangeWatchedFiles"] == {"watchers": [{"globPattern": "**/*.toml"}]}
        assert wanted["workspace/didChangeConfiguration"] == {"section": "chatbt"}


async def test_configuration_files_are_watched_for_a_client_that_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "PERIOD_S", 0.02)
    async with Editor(tmp_path, PLAIN) as editor:
        uri = editor.open("a.py", BAD)
        await editor.until(lambda: editor.session.typed)
        await asyncio.sleep(0.1)
        (tmp_path / "chatbt.toml").write_text(OFF, encoding="utf-8")
        await settled(editor, uri, 0)


async def test_the_clients_settings_are_asked_for_and_hold(tmp_path: Path) -> None:
    editor = Editor(tmp_path, VSCODE)
    settings: Json = {"ignore": ["CC001"], "severity": None}
    editor.answers["workspace/configuration"] = lambda params: [dict(settings) for _ in params["items"]]
    async with editor:
        uri = editor.open("a.py", BAD)
        await settled(editor, uri, 0)
        settings["ignore"] = []
        settings["severity"] = {"CC001": "hint"}
        editor.notify("workspace/didChangeConfiguration", {"settings": None})
        await settled(editor, uri, 1)
        assert editor.shown(uri)[0]["severity"] == 4


@pytest.mark.parametrize("settings", [{"chatbt": {"ignore": ["CC001"]}}, {"ignore": ["CC001"]}])
async def test_settings_that_come_with_the_notification_hold(tmp_path: Path, settings: Json) -> None:
    async with Editor(tmp_path, PLAIN) as editor:
        uri = editor.open("a.py", BAD)
        editor.notify("workspace/didChangeConfiguration", {"settings": settings})
        await settled(editor, uri, 0)


@pytest.mark.parametrize("options", [{"ignore": ["CC001"]}, {"settings": {"ignore": ["CC001"]}}])
async def test_settings_that_come_with_initialize_hold_from_the_start(tmp_path: Path, options: Json) -> None:
    async with Editor(tmp_path, PLAIN, initializationOptions=options) as editor:
        uri = editor.open("a.py", BAD)
        assert [one["diagnostics"] for one in editor.published(uri)] == [[]]


async def test_settings_of_a_folder_hold_in_it_alone(tmp_path: Path) -> None:
    folders = [{"uri": (tmp_path / name).as_uri(), "name": name} for name in ("one", "two")]
    editor = Editor(tmp_path, VSCODE, workspaceFolders=folders)
    editor.answers["workspace/configuration"] = lambda params: [
        {"ignore": ["CC001"]} if str(item.get("scopeUri")).endswith("two") else {} for item in params["items"]
    ]
    async with editor:
        one, two = editor.open("one/a.py", BAD), editor.open("two/a.py", BAD)
        await settled(editor, two, 0)
        assert len(editor.shown(one)) == 1


async def test_folders_come_and_go(tmp_path: Path) -> None:
    async with Editor(tmp_path / "one", VSCODE, workspaceFolders=[]) as editor:
        added = [{"uri": (tmp_path / "two").as_uri(), "name": "two"}]
        editor.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": added, "removed": []}})
        folders = editor.session.folders
        assert folders is not None
        await editor.until(lambda: tmp_path / "two" in folders.paths)
        editor.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": added}})
        await editor.until(lambda: tmp_path / "two" not in folders.paths)


async def test_a_wrong_setting_is_said_once_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "chatbt.toml").write_text('target-version = "py27"\n', encoding="utf-8")
    async with Editor(tmp_path, VSCODE) as editor:
        editor.open("a.py", BAD)
        editor.open("b.py", BAD)
        [said] = editor.told_of("window/showMessage")
        assert "chatbt.toml:1: chatbt.target-version" in said["message"]


async def test_a_client_that_asks_is_told_to_ask_again(tmp_path: Path) -> None:
    async with Editor(tmp_path, capabilities("vscode")) as editor:
        editor.open("a.py", BAD)
        await editor.until(lambda: editor.session.typed)
        file = tmp_path / "chatbt.toml"
        file.write_text(OFF, encoding="utf-8")
        editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": file.as_uri(), "type": 1}]})
        await editor.until(lambda: [one for one in editor.asked if one["method"] == "workspace/diagnostic/refresh"])
