"""Hover: cards of findings, and of ids in comments."""

from pathlib import Path
from typing import Any

import pytest

from chatbt.lsp.previews import preview
from tests.lsp.editor import PLAIN, Editor, capabilities, pushed_to, span

pytestmark = pytest.mark.asyncio

VSCODE = pushed_to(capabilities("vscode"))
CODE = "def f(a=[]):\n    return a, 'é🎉', f'q'\n"


async def hover(editor: Editor, uri: str, line: int, character: int) -> Any:
    place = {"line": line, "character": character}
    return await editor.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": place})


async def test_hover_shows_the_card_of_the_finding_under_the_cursor(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        answer = await hover(editor, editor.open("a.py", CODE), 0, 9)
        assert answer["range"] == span(0, 8, 0, 10)
        assert answer["contents"]["kind"] == "markdown"
        card = answer["contents"]["value"]
        assert "`CC001` mutable-default-argument" in card
        assert "Every call that leaves out `a` shares this list." in card


async def test_hover_range_is_in_the_clients_columns(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        answer = await hover(editor, editor.open("a.py", CODE), 1, 22)
        assert answer["range"] == span(1, 21, 1, 25)


async def test_hover_shows_the_patterns_example_until_the_fix_has_been_prepared(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", CODE)
        [text] = editor.session.documents
        previews = editor.session.previews(text)
        previews.stop()
        assert "For example:\n```python" in (await hover(editor, uri, 0, 9))["contents"]["value"]
        previews.changed()
        report = text.problems()[0].report
        assert report is not None
        await editor.until(lambda: previews.get(report))
        assert "```diff\n-def f(a=[]):\n+def f(a=None):" in (await hover(editor, uri, 0, 9))["contents"]["value"]


async def test_a_prepared_fix_is_kept_over_edits_elsewhere(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", CODE + "\n\ndef g():\n    return 1\n")
        [text] = editor.session.documents
        report = text.problems()[0].report
        assert report is not None
        await editor.until(lambda: editor.session.previews(text).get(report))
        editor.change(uri, 2, ("22", (5, 11), (5, 12)))
        assert "```diff" in (await hover(editor, uri, 0, 9))["contents"]["value"]


async def test_the_preview_is_a_diff_of_this_code_with_its_imports(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        editor.open("a.py", CODE)
        [text] = editor.session.documents
        shown = [preview(text, problem.report) for problem in text.problems() if problem.report]
        assert shown[1] == "-    return a, 'é🎉', f'q'\n+    return a, 'é🎉', 'q'\n"


async def test_hover_is_plain_for_a_client_that_knows_no_markdown(tmp_path: Path) -> None:
    async with Editor(tmp_path, PLAIN) as editor:
        contents = (await hover(editor, editor.open("a.py", CODE), 0, 9))["contents"]
        assert contents["kind"] == "plaintext"
        assert "```" not in contents["value"] and "**" not in contents["value"] and "](" not in contents["value"]


async def test_hover_says_nothing_where_nothing_is_found(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", CODE)
        assert await hover(editor, uri, 0, 1) is None
        assert await hover(editor, uri, 99, 99) is None


@pytest.mark.parametrize(
    ("comment", "character", "rule"),
    [
        ("# chatbt: ignore[CC001, CC012]", 18, "CC001"),
        ("# chatbt: ignore[CC001, CC012]", 25, "CC012"),
        ("# chatbt: ignore-file[mutable-default-argument]", 30, "CC001"),
        ("# noqa: F541", 9, "CC012"),
        ("# noqa: CC001", 9, "CC001"),
    ],
)
async def test_hover_explains_the_id_in_a_comment(tmp_path: Path, comment: str, character: int, rule: str) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        answer = await hover(editor, editor.open("a.py", f"{comment}\nx = 1\n"), 0, character)
        assert f"`{rule}`" in answer["contents"]["value"]


async def test_hover_says_nothing_of_an_id_that_is_not_ours(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        assert await hover(editor, editor.open("a.py", "x = 1  # noqa: XYZ123\n"), 0, 17) is None
