"""What the model says in an editor: how it is shown, how it is stopped, what is said when it cannot."""

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.enginehost.conftest import until
from tests.lsp.editor import Editor, ServerError, capabilities, pushed_to, span

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("engine")]

Json = dict[str, Any]
BAD = "def f(a=[]):\n    return a\n"
VSCODE = pushed_to(capabilities("vscode"))
OURS: Json = {**VSCODE, "experimental": {"chatbt": {"status": True, "answers": True, "rewrites": True}}}
START: Json = {"line": 0, "character": 8}


def command(editor: Editor, name: str, *arguments: Any, **more: Any) -> Any:
    return editor.start("workspace/executeCommand", {"command": f"chatbt.{name}", "arguments": [*arguments], **more})


async def opened(editor: Editor, text: str = BAD) -> str:
    uri = editor.open("a.py", text)
    await editor.until(lambda: editor.session.features.is_on)
    return uri


def written(path: Path) -> str:
    """The text of a file in a folder that nobody else may open; "" where there is none."""
    if not path.exists():
        return ""
    assert path.parent.stat().st_mode & 0o077 == 0
    return path.read_text(encoding="utf-8")


async def test_our_own_client_is_told_the_text_as_it_grows(tmp_path: Path) -> None:
    async with Editor(tmp_path, OURS) as editor:
        uri = await opened(editor)
        result = await command(editor, "explain", uri, START, workDoneToken="mine")
        told = editor.told_of("chatbt/answer")
        assert {one["token"] for one in told} == {"mine"}
        assert len(told) > 1 and [one["final"] for one in told][-1] is True
        assert told[-1] == result and {one["id"] for one in told} == {result["id"]}
        assert (result["uri"], result["code"], result["range"]) == (uri, "CC001", span(0, 8, 0, 10))


async def test_a_virtual_document_grows_where_the_client_has_them(tmp_path: Path) -> None:
    editor = Editor(tmp_path, VSCODE)
    editor.answers["window/showDocument"] = lambda _: {"success": True}
    async with editor:
        uri = await opened(editor)
        result = await command(editor, "explain", uri, START)
        [shown] = [one["params"] for one in editor.asked if one["method"] == "window/showDocument"]
        assert shown["uri"].startswith("chatbt:/") and shown["takeFocus"] is False
        refreshed = [one["params"] for one in editor.asked if one["method"] == "workspace/textDocumentContent/refresh"]
        assert {one["uri"] for one in refreshed} == {shown["uri"]}
        content = await editor.request("workspace/textDocumentContent", {"uri": shown["uri"]})
        assert content["text"].startswith("# CC001") and result["text"] in content["text"]
        assert editor.told_of("chatbt/answer") == []


@pytest.mark.parametrize("shows", [True, False])
async def test_else_the_finished_text_is_a_private_file_or_a_message(tmp_path: Path, shows: bool) -> None:
    offered: Json = {"window": {"showDocument": {"support": shows}}}
    editor = Editor(tmp_path, offered)
    editor.answers["window/showDocument"] = lambda _: {"success": True}
    async with editor:
        uri = await opened(editor)
        result = await command(editor, "explain", uri, START, "CC001")
        if shows:
            [shown] = [one["params"]["uri"] for one in editor.asked if one["method"] == "window/showDocument"]
            path = Path(shown.removeprefix("file://"))
            assert result["text"] in written(path)
            await editor.request("shutdown", None)
            assert written(path) == ""
        else:
            [said] = editor.told_of("window/showMessage")
            assert result["text"] in said["message"]


async def test_stopping_the_progress_ends_the_answer(tmp_path: Path) -> None:
    async with Editor(tmp_path, OURS) as editor:
        answer = command(editor, "explain", await opened(editor), START, workDoneToken="mine")
        await editor.until(lambda: editor.told_of("chatbt/answer"))
        editor.notify("window/workDoneProgress/cancel", {"token": "mine"})
        result = await answer
        assert result["note"] == "Stopped."
        assert editor.told_of("chatbt/answer")[-1] == result
        kinds = [one["value"]["kind"] for one in editor.told_of("$/progress") if one["token"] == "mine"]
        assert (kinds[0], kinds[-1]) == ("begin", "end")
        await nothing_runs(editor)


async def test_cancelling_the_request_ends_the_answer(tmp_path: Path) -> None:
    async with Editor(tmp_path, OURS) as editor:
        answer = command(editor, "explain", await opened(editor), START)
        number = editor.last_id
        await editor.until(lambda: editor.told_of("chatbt/answer"))
        editor.notify("$/cancelRequest", {"id": number})
        with pytest.raises(ServerError) as caught:
            await answer
        assert caught.value.code == -32800
        await nothing_runs(editor)


async def test_switching_off_ends_the_answer(tmp_path: Path) -> None:
    async with Editor(tmp_path, {**OURS, "workspace": {}}) as editor:
        answer = command(editor, "explain", await opened(editor), START)
        await editor.until(lambda: editor.told_of("chatbt/answer"))
        editor.notify("workspace/didChangeConfiguration", {"settings": {"chatbt": {"engine": {"enabled": False}}}})
        with pytest.raises(ServerError):
            await answer
        assert editor.told_of("chatbt/status")[-1]["state"] == "off"


async def nothing_runs(editor: Editor) -> None:
    """Waits until the engine has nothing to do."""
    client = await editor.session.features.running()
    assert client is not None
    async with asyncio.timeout(5):
        await until(client, "ready")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("explain", []),
        ("explain", ["x", START, 3]),
        ("explain", ["uri", {"line": 0}]),
        ("review", [1]),
        ("ask", [""]),
        ("ask", ["why?", 3]),
        ("ask", ["why?", "uri", {"start": START}]),
    ],
)
async def test_wrong_arguments_are_refused(tmp_path: Path, name: str, arguments: list[Any]) -> None:
    async with Editor(tmp_path, OURS) as editor:
        uri = await opened(editor)
        with pytest.raises(ServerError) as caught:
            await command(editor, name, *[uri if one == "uri" else one for one in arguments])
        assert caught.value.code == -32602


async def test_where_nothing_is_found_nothing_is_explained(tmp_path: Path) -> None:
    async with Editor(tmp_path, OURS) as editor:
        uri = await opened(editor)
        assert (await command(editor, "explain", uri, {"line": 0, "character": 1}))["code"] == "CC001"  # on its line
        for where, expected in ((uri, "is not found there"), (editor.uri("b.py"), "is not open")):
            with pytest.raises(ServerError, match=expected):
                await command(editor, "explain", where, {"line": 1, "character": 1})


async def test_an_explanation_is_offered_for_a_finding_and_is_no_fix(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = await opened(editor)
        [offered] = [one for one in await editor.actions(uri, span(0, 8, 0, 8)) if one["kind"] == "chatbt.explain"]
        assert offered["tags"] == [1]
        assert offered["command"]["arguments"] == [uri, START, "CC001"]
        only = await editor.actions(uri, span(0, 8, 0, 8), only=["quickfix"])
        assert only and not [one for one in only if one["kind"] == "chatbt.explain"]


async def test_a_question_is_answered_and_its_conversation_goes_on(tmp_path: Path) -> None:
    async with Editor(tmp_path, OURS) as editor:
        uri = await opened(editor)
        first = await command(editor, "ask", "Why is a list as a default value bad?", uri, span(0, 0, 1, 12))
        assert first["text"] and first["conversation"]
        second = command(editor, "ask", "And why?", None, None, first["conversation"], workDoneToken="mine")
        await editor.until(lambda: [one for one in editor.told_of("chatbt/answer") if one["title"] == "And why?"])
        editor.notify("window/workDoneProgress/cancel", {"token": "mine"})
        assert (await second)["conversation"] == first["conversation"]
        assert "No specialist" in (await command(editor, "ask", "And why?"))["text"]


async def test_a_review_begins_with_the_findings(tmp_path: Path) -> None:
    async with Editor(tmp_path, OURS) as editor:
        result = await command(editor, "review", await opened(editor))
        assert "CC001" in editor.told_of("chatbt/answer")[0]["text"]
        assert result["final"] and "CC001" in result["text"] and result["title"] == "Review of a.py"


async def test_the_status_is_told_when_it_changes(tmp_path: Path) -> None:
    async with Editor(tmp_path, OURS) as editor:
        await command(editor, "explain", await opened(editor), START)
        await editor.until(lambda: editor.told_of("chatbt/status")[-1]["state"] == "ready")
        told = editor.told_of("chatbt/status")
        assert [one["state"] for one in told[:2]] == ["asleep", "loading"]
        assert told[-1]["model"] and told[-1]["device"] == "cpu"
        assert all(one != other for one, other in pairwise(told))
