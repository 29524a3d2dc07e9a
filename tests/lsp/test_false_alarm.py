"""The report of a false alarm."""

from pathlib import Path
from typing import Any

import pytest

from chatbt.lsp import errors
from chatbt.lsp.uris import to_path
from tests.lsp.editor import PLAIN, Editor, ServerError, capabilities, pushed_to, span

Json = dict[str, Any]
pytestmark = pytest.mark.asyncio

VSCODE = pushed_to(capabilities("vscode"))
CODE = 'import os\n\nSECRET = "s"\n\n\nclass C:\n    other = 1\n\n    def f(self, a=[]):\n        return a\n'


async def report(editor: Editor, uri: str) -> str:
    """What the action's command returns."""
    actions = await editor.actions(uri, span(8, 18, 8, 18))
    [alarm] = [action for action in actions if "false alarm" in action["title"]]
    arguments = {"command": alarm["command"]["command"], "arguments": alarm["command"]["arguments"]}
    text: str = await editor.request("workspace/executeCommand", arguments)
    return text


async def test_the_report_holds_the_statement_the_rule_the_versions_and_the_settings(tmp_path: Path) -> None:
    (tmp_path / "chatbt.toml").write_text('severity = {CC001 = "error"}\n', encoding="utf-8")
    async with Editor(tmp_path, VSCODE) as editor:
        text = await report(editor, editor.open("a.py", CODE))
        assert "CC001 (mutable-default-argument)" in text
        assert "```python\ndef f(self, a=[]):\n    return a\n```" in text
        assert "chatbt 0." in text and "Python 3." in text
        assert 'severity = {CC001 = "error"}' in text


async def test_the_report_holds_nothing_else_of_the_file_and_no_path(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        text = await report(editor, editor.open("a.py", CODE))
        assert "SECRET" not in text and str(tmp_path) not in text


async def test_the_report_is_opened_in_a_client_that_can(tmp_path: Path) -> None:
    editor = Editor(tmp_path, VSCODE)
    editor.answers["window/showDocument"] = lambda _: {"success": True}
    async with editor:
        text = await report(editor, editor.open("a.py", CODE))
        [shown] = [one["params"] for one in editor.asked if one["method"] == "window/showDocument"]
        path = to_path(shown["uri"])
    assert path is not None and path.read_text(encoding="utf-8") == text


async def test_other_clients_are_told_where_the_report_is(tmp_path: Path) -> None:
    offered: Json = {"textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}}}
    async with Editor(tmp_path, PLAIN | offered) as editor:
        await report(editor, editor.open("a.py", CODE))
        [said] = editor.told_of("window/showMessage")
        assert said["message"].endswith("false-alarm-CC001.md")


@pytest.mark.parametrize("arguments", [[], ["x"], ["file:///a.py", "CC001", "1", 0], [1, 2, 3, 4]])
async def test_wrong_arguments_are_refused(tmp_path: Path, arguments: list[object]) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        asked = {"command": "chatbt.reportFalseAlarm", "arguments": arguments}
        with pytest.raises(ServerError) as caught:
            await editor.request("workspace/executeCommand", asked)
        assert caught.value.code == errors.INVALID_PARAMS
