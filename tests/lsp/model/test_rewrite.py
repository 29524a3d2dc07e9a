"""Rewrites by the model: offered, shown to the user first, refused with a reason."""

from pathlib import Path
from typing import Any

import pytest

from chatbt.lsp.model.offering import WISHES
from tests.lsp.editor import Editor, ServerError, capabilities, changes_of, edited, pushed_to, span
from tests.lsp.test_actions import without
from tests.suggestions import SAFE, SAFE_AFTER

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("engine")]

Json = dict[str, Any]
VSCODE = pushed_to(capabilities("vscode"))
OURS: Json = {**VSCODE, "experimental": {"chatbt": {"rewrites": True}}}
PLAIN_EDITS = without(VSCODE, "workspace", "workspaceEdit", "changeAnnotationSupport")
WHOLE = span(0, 0, 3, 0)


async def rewritten(editor: Editor, uri: str, wish: str = "make this more Pythonic") -> Json:
    await editor.until(lambda: editor.session.features.is_on)
    asked = {"command": "chatbt.rewrite", "arguments": [uri, WHOLE, wish]}
    answer: Json = await editor.request("workspace/executeCommand", asked)
    return answer


def applied(editor: Editor) -> list[Json]:
    return [one["params"]["edit"] for one in editor.asked if one["method"] == "workspace/applyEdit"]


async def test_our_own_client_gets_both_texts_and_how_far_it_climbed(tmp_path: Path) -> None:
    async with Editor(tmp_path, OURS) as editor:
        uri = editor.open("a.py", SAFE, version=4)
        told = await rewritten(editor, uri)
        assert editor.told_of("chatbt/rewrite") == [told]
        assert (told["before"], told["after"], told["version"]) == (SAFE, SAFE_AFTER, 4)
        assert edited(SAFE, changes_of(told["edit"], uri)) == SAFE_AFTER
        # The tiny model writes no Python: what is left are our own fixes, and why.
        assert (
            told["source"] == "fixes" and "1 × negated-membership" in told["head"] and told["refused"] in told["head"]
        )
        assert applied(editor) == []


async def test_other_clients_are_asked_to_confirm_the_edit(tmp_path: Path) -> None:
    editor = Editor(tmp_path, VSCODE)
    editor.answers["workspace/applyEdit"] = lambda _: {"applied": True}
    async with editor:
        uri = editor.open("a.py", SAFE)
        assert (await rewritten(editor, uri))["applied"] is True
        [edit] = applied(editor)
        [annotation] = edit["changeAnnotations"].values()
        assert annotation["needsConfirmation"] is True and "negated-membership" in annotation["description"]
        assert edited(SAFE, changes_of(edit, uri)) == SAFE_AFTER


@pytest.mark.parametrize("answer", ["Apply", None])
async def test_where_edits_cannot_be_confirmed_the_user_is_asked_in_a_message(
    tmp_path: Path, answer: str | None
) -> None:
    editor = Editor(tmp_path, PLAIN_EDITS)
    editor.answers["workspace/applyEdit"] = lambda _: {"applied": True}
    editor.answers["window/showMessageRequest"] = lambda _: answer and {"title": answer}
    async with editor:
        uri = editor.open("a.py", SAFE)
        assert (await rewritten(editor, uri))["applied"] is (answer == "Apply")
        [asked] = [one["params"] for one in editor.asked if one["method"] == "window/showMessageRequest"]
        assert "\n-" in asked["message"] and "\n+" in asked["message"]
        assert len(applied(editor)) == (answer == "Apply")


async def test_what_the_ladder_refuses_is_one_message(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        told = await rewritten(editor, editor.open("a.py", "x = 1\ny = 2\nz = 3\n"), "add error handling")
        assert told["refused"]
        [said] = editor.told_of("window/showMessage")
        assert said["message"] == f"ChatBT: nothing was rewritten: {told['refused']}"


async def test_a_text_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    async with Editor(tmp_path, OURS) as editor:
        uri = editor.open("a.py", SAFE)
        await editor.until(lambda: editor.session.features.is_on)
        asked = {"command": "chatbt.rewrite", "arguments": [uri, WHOLE, "make it nicer"]}
        answer = editor.start("workspace/executeCommand", {**asked, "workDoneToken": "mine"})
        await editor.until(lambda: [one for one in editor.told_of("$/progress") if one["token"] == "mine"])
        editor.change(uri, 2, ("#", (0, 0), (0, 0)))
        with pytest.raises(ServerError, match="has changed"):
            await answer


async def test_it_is_offered_for_a_selection_and_at_the_head_of_a_function(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", "x = 1\n\n\ndef f(a):\n    return a\n")
        await editor.until(lambda: editor.session.features.is_on)
        for place, expected in (
            (span(0, 0, 1, 0), span(0, 0, 1, 0)),
            (span(3, 5, 3, 5), span(3, 0, 4, 12)),
            (span(4, 6, 4, 6), None),
        ):
            offered = await editor.actions(uri, place, only=["refactor.rewrite.chatbt.model"])
            assert [one["title"] for one in offered] == ([*WISHES] if expected else [])
            assert all(one["command"]["arguments"][:2] == [uri, expected] and one["tags"] == [1] for one in offered)


@pytest.mark.parametrize("arguments", [[], ["x", WHOLE], ["x", WHOLE, " "], ["x", WHOLE, 3]])
async def test_wrong_arguments_are_refused(tmp_path: Path, arguments: list[Any]) -> None:
    async with Editor(tmp_path, OURS) as editor:
        await editor.until(lambda: editor.session.features.is_on)
        with pytest.raises(ServerError, match="takes a URI, a range and a wish"):
            await editor.request("workspace/executeCommand", {"command": "chatbt.rewrite", "arguments": arguments})
