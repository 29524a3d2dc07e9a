"""The command that makes every safe suggestion of a selection."""

from pathlib import Path
from typing import Any

import pytest

from chatbt.lsp import errors
from tests.lsp.editor import Editor, ServerError, capabilities, changes_of, edited, pushed_to, span
from tests.lsp.test_actions import without
from tests.suggestions import REVIEW, SAFE, SAFE_AFTER, STDLIB

pytestmark = pytest.mark.asyncio

Json = dict[str, Any]
VSCODE = pushed_to(capabilities("vscode"))
PLAIN_EDITS = without(VSCODE, "workspace", "workspaceEdit", "changeAnnotationSupport")


def applying(root: Path, offered: Json = VSCODE, *, applied: bool = True) -> Editor:
    """An editor that takes edits (or says that it does not)."""
    editor = Editor(root, offered)
    editor.answers["workspace/applyEdit"] = lambda _: {"applied": applied}
    return editor


async def modernise(editor: Editor, uri: str, place: Json) -> Any:
    return await editor.request("workspace/executeCommand", {"command": "chatbt.modernise", "arguments": [uri, place]})


def sent(editor: Editor) -> Json:
    """The edit that the client was asked to apply."""
    [edit] = [one["params"]["edit"] for one in editor.asked if one["method"] == "workspace/applyEdit"]
    found: Json = edit
    return found


async def test_all_safe_suggestions_inside_a_selection_are_one_edit_to_confirm(tmp_path: Path) -> None:
    text = SAFE + STDLIB + REVIEW + SAFE
    async with applying(tmp_path) as editor:
        uri = editor.open("a.py", text, version=5)
        assert await modernise(editor, uri, span(0, 0, 9, 0)) is True
        edit = sent(editor)
        [change] = edit["documentChanges"]
        assert change["textDocument"] == {"uri": uri, "version": 5}
        after = edited(text, change["edits"])
        assert after.startswith("from itertools import pairwise\n")
        assert after.count(SAFE_AFTER) == 1 and after.endswith(REVIEW + SAFE)
        assert {one["annotationId"] for one in change["edits"]} == set(edit["changeAnnotations"])
        [annotation] = edit["changeAnnotations"].values()
        assert annotation["needsConfirmation"] is True
        assert annotation["description"] == "1 × negated-membership, 1 × pairwise"


async def test_a_client_without_annotations_gets_the_plain_edit(tmp_path: Path) -> None:
    async with applying(tmp_path, PLAIN_EDITS) as editor:
        uri = editor.open("a.py", SAFE)
        await modernise(editor, uri, span(0, 0, 3, 0))
        assert "changeAnnotations" not in sent(editor)
        assert edited(SAFE, changes_of(sent(editor), uri)) == SAFE_AFTER


async def test_findings_of_rules_are_left_alone(tmp_path: Path) -> None:
    text = 'name = f"plain"\n' + SAFE
    async with applying(tmp_path) as editor:
        uri = editor.open("a.py", text)
        await modernise(editor, uri, span(0, 0, 4, 0))
        assert edited(text, changes_of(sent(editor), uri)) == 'name = f"plain"\n' + SAFE_AFTER


async def test_what_lies_outside_is_left_alone_though_lines_are_added_above(tmp_path: Path) -> None:
    text = SAFE + STDLIB + SAFE
    async with applying(tmp_path) as editor:
        uri = editor.open("a.py", text)
        await modernise(editor, uri, span(3, 0, 6, 0))
        after = edited(text, changes_of(sent(editor), uri))
        assert after.count("not key in seen") == 2 and "pairwise(points)" in after


async def test_nothing_to_do_is_said(tmp_path: Path) -> None:
    async with applying(tmp_path) as editor:
        uri = editor.open("a.py", REVIEW)
        assert await modernise(editor, uri, span(0, 0, 4, 0)) is False
        [said] = editor.told_of("window/showMessage")
        assert "nothing to modernise" in said["message"]
        assert editor.asked == [one for one in editor.asked if one["method"] != "workspace/applyEdit"]


async def test_an_edit_that_the_client_does_not_take_is_no_success(tmp_path: Path) -> None:
    async with applying(tmp_path, applied=False) as editor:
        assert await modernise(editor, editor.open("a.py", SAFE), span(0, 0, 3, 0)) is False


@pytest.mark.parametrize("arguments", [[], ["x"], ["x", 1], ["x", {"start": {"line": 0}}], [1, span(0, 0, 1, 0)]])
async def test_wrong_arguments_are_refused(tmp_path: Path, arguments: list[object]) -> None:
    async with applying(tmp_path) as editor:
        asked = {"command": "chatbt.modernise", "arguments": arguments}
        with pytest.raises(ServerError) as caught:
            await editor.request("workspace/executeCommand", asked)
        assert caught.value.code == errors.INVALID_PARAMS


async def test_a_text_that_is_not_open_or_a_place_behind_its_end_is_refused(tmp_path: Path) -> None:
    async with applying(tmp_path) as editor:
        uri = editor.open("a.py", SAFE)
        for where, place in ((editor.uri("b.py"), span(0, 0, 1, 0)), (uri, span(50, 0, 60, 0))):
            with pytest.raises(ServerError, match="there is nothing at this place"):
                await modernise(editor, where, place)


async def offered_for(editor: Editor, uri: str, place: Json) -> list[Json]:
    return [one for one in await editor.actions(uri, place) if one["kind"] == "refactor.rewrite.chatbt"]


async def test_it_is_offered_for_selections_of_several_lines_with_suggestions(tmp_path: Path) -> None:
    async with applying(tmp_path) as editor:
        uri = editor.open("a.py", SAFE + "x = 1\ny = 2\n")
        [action] = await offered_for(editor, uri, span(0, 0, 3, 0))
        assert action["command"]["arguments"] == [uri, span(0, 0, 3, 0)]
        command = {key: action["command"][key] for key in ("command", "arguments")}
        await editor.request("workspace/executeCommand", command)
        assert "key not in seen" in edited(SAFE, changes_of(sent(editor), uri))
        for place in (span(1, 0, 1, 9), span(1, 0, 2, 0), span(3, 0, 5, 0)):
            assert await offered_for(editor, uri, place) == []


async def test_it_is_not_offered_to_a_client_that_takes_no_edits(tmp_path: Path) -> None:
    async with applying(tmp_path, without(VSCODE, "workspace", "applyEdit")) as editor:
        uri = editor.open("a.py", SAFE)
        assert await offered_for(editor, uri, span(0, 0, 3, 0)) == []
        with pytest.raises(ServerError, match="takes no edits"):
            await modernise(editor, uri, span(0, 0, 3, 0))


async def test_the_command_is_announced(tmp_path: Path) -> None:
    async with applying(tmp_path) as editor:
        assert "chatbt.modernise" in editor.offers["executeCommandProvider"]["commands"]
