"""Suggestions drawn as hints, where a setting wants it."""

from pathlib import Path

import pytest

from tests.lsp.editor import Editor, capabilities, changes_of, edited, pushed_to, span
from tests.suggestions import SAFE, SAFE_AFTER

pytestmark = pytest.mark.asyncio

VSCODE = pushed_to(capabilities("vscode"))


async def test_suggestions_draw_nothing_by_default(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        assert editor.shown(editor.open("a.py", SAFE)) == []


async def test_they_are_hints_where_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.chatbt]\nhints = true\n", encoding="utf-8")
    async with Editor(tmp_path, VSCODE) as editor:
        [hint] = editor.shown(editor.open("a.py", SAFE))
        assert (hint["code"], hint["severity"], hint["range"]) == ("PY021", 4, span(1, 7, 1, 22))


async def test_they_are_hints_where_the_client_says_so(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE, initializationOptions={"hints": True}) as editor:
        assert [one["code"] for one in editor.shown(editor.open("a.py", SAFE))] == ["PY021"]


async def test_a_keystroke_keeps_them_up_to_date(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE, initializationOptions={"hints": True}) as editor:
        uri = editor.open("a.py", SAFE)
        editor.change(uri, 2, ("not seen", (1, 7), (1, 22)))
        assert editor.shown(uri) == []
        editor.change(uri, 3, ("not key in seen", (1, 7), (1, 15)))
        assert [one["code"] for one in editor.shown(uri)] == ["PY021"]


async def test_all_safe_fixes_make_them_too(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE, initializationOptions={"hints": True}) as editor:
        uri = editor.open("a.py", SAFE)
        [every] = await editor.actions(uri, span(0, 0, 0, 0), only=["source.fixAll"])
        resolved = await editor.request("codeAction/resolve", every)
        assert edited(SAFE, changes_of(resolved["edit"], uri)) == SAFE_AFTER


async def test_a_hint_has_quick_fixes_that_name_it(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE, initializationOptions={"hints": True}) as editor:
        uri = editor.open("a.py", SAFE)
        [hint] = editor.shown(uri)
        actions = await editor.actions(uri, hint["range"], [hint], only=["quickfix"])
        assert actions[0]["diagnostics"] == [hint]
        assert actions[0]["isPreferred"] is True


async def test_a_hint_links_to_its_page_on_the_site(tmp_path: Path) -> None:
    options = {"hints": True, "docsUrl": "https://example.org/rules"}
    async with Editor(tmp_path, VSCODE, initializationOptions=options) as editor:
        [hint] = editor.shown(editor.open("a.py", SAFE))
        assert hint["codeDescription"] == {"href": "https://example.org/rules/pythonic/negated-membership"}
