"""Completion of ids in ignore comments."""

from pathlib import Path
from typing import Any

import pytest

from tests.lsp.editor import Editor, capabilities, edited, pushed_to

pytestmark = pytest.mark.asyncio

VSCODE = pushed_to(capabilities("vscode"))


async def complete(editor: Editor, text: str) -> Any:
    """The items at the end of the first line of `text`."""
    uri = editor.open("a.py", text)
    place = {"line": 0, "character": len(text.partition("\n")[0])}
    return await editor.request("textDocument/completion", {"textDocument": {"uri": uri}, "position": place})


@pytest.mark.parametrize("comment", ["# chatbt: ignore[", "x = 1  #chatbt:ignore[", "# chatbt: ignore-file[CC0"])
async def test_ids_are_completed_in_an_ignore_comment(tmp_path: Path, comment: str) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        labels = [item["label"] for item in await complete(editor, comment)]
        assert {"CC001", "CC012"} <= set(labels)


async def test_an_item_replaces_what_is_written_of_it(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        [item] = [one for one in await complete(editor, "# chatbt: ignore[CC012, mut") if one["label"] == "CC001"]
        assert item["filterText"] == "mutable-default-argument"
        assert edited("# chatbt: ignore[CC012, mut", [item["textEdit"]]) == "# chatbt: ignore[CC012, CC001"


async def test_ids_that_are_there_already_are_not_offered_again(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        labels = [item["label"] for item in await complete(editor, "# chatbt: ignore[CC012, ")]
        assert "CC012" not in labels


async def test_what_is_found_on_the_line_comes_first(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        items = await complete(editor, "x = f'q'  # chatbt: ignore[\n")
        assert min(items, key=lambda item: str(item["sortText"]))["label"] == "CC012"


async def test_a_suggestion_on_the_line_comes_first_too(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        items = await complete(editor, "x = not a in b  # chatbt: ignore[\n")
        assert min(items, key=lambda item: str(item["sortText"]))["label"] == "PY021"


@pytest.mark.parametrize("text", ["x = [", "# ignore[", "# chatbt: ignore[CC001] ", "# noqa: "])
async def test_nothing_is_completed_elsewhere(tmp_path: Path, text: str) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        assert await complete(editor, text) is None
