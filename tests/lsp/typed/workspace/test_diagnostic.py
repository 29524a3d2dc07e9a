"""Diagnostics of the whole workspace."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.editor import Editor, capabilities, span

pytestmark = pytest.mark.asyncio

Json = dict[str, Any]
MODE = {"initializationOptions": {"diagnosticMode": "workspace"}}
BAD = "x = 'é🎉', f'q'\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in {"a.py": BAD, "sub/b.py": "y = 1\n", "sub/c.py": "def f(a=[]):\n    return a\n"}.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


async def ask(editor: Editor, previous: Json | None = None, **more: Any) -> Json:
    known = [{"uri": uri, "value": value} for uri, value in (previous or {}).items()]
    answer: Json = await editor.request("workspace/diagnostic", {"previousResultIds": known, **more})
    return answer


async def test_files_that_are_not_open_have_diagnostics_in_the_clients_columns(project: Path) -> None:
    async with Editor(project, capabilities("vscode"), **MODE) as editor:
        assert editor.offers["diagnosticProvider"]["workspaceDiagnostics"]
        found = {one["uri"]: one for one in (await ask(editor))["items"]}
        assert found.keys() == {editor.uri("a.py"), editor.uri("sub/c.py")}
        [one] = found[editor.uri("a.py")]["items"]
        assert (one["code"], one["range"], one["tags"]) == ("CC012", span(0, 11, 0, 15), [1])


async def test_an_open_text_counts_and_not_its_file(project: Path) -> None:
    async with Editor(project, capabilities("vscode"), **MODE) as editor:
        editor.open("a.py", "\n" + BAD, version=3)
        found = {one["uri"]: one for one in (await ask(editor))["items"]}
        assert found[editor.uri("a.py")]["version"] == 3
        assert found[editor.uri("a.py")]["items"][0]["range"]["start"]["line"] == 1


async def test_the_same_file_has_the_same_diagnostics_open_and_closed(project: Path) -> None:
    async with Editor(project, capabilities("vscode"), **MODE) as editor:
        closed = {one["uri"]: one for one in (await ask(editor))["items"]}
        for name in ("a.py", "sub/c.py"):
            uri = editor.open(name, (project / name).read_text(encoding="utf-8"))
            assert (await editor.request("textDocument/diagnostic", {"textDocument": {"uri": uri}}))["items"] == closed[
                uri
            ]["items"]


async def test_a_later_answer_waits_for_a_change_and_says_what_is_unchanged(project: Path) -> None:
    async with Editor(project, capabilities("vscode"), **MODE) as editor:
        first = {one["uri"]: one["resultId"] for one in (await ask(editor))["items"]}
        waiting = asyncio.create_task(ask(editor, first))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        (project / "sub/c.py").write_text("", encoding="utf-8")
        event = {"changes": [{"uri": editor.uri("sub/c.py"), "type": 2}]}
        editor.notify("workspace/didChangeWatchedFiles", event)
        found = {one["uri"]: one for one in (await waiting)["items"]}
        assert found[editor.uri("a.py")]["kind"] == "unchanged"
        assert found[editor.uri("sub/c.py")]["items"] == []


async def test_partial_results_come_as_they_are_found_with_progress(project: Path) -> None:
    async with Editor(project, capabilities("vscode"), **MODE) as editor:
        answer = await ask(editor, partialResultToken="part", workDoneToken="work")
        told = editor.told_of("$/progress")
        parts = [one["value"] for one in told if one["token"] == "part"]
        assert answer == {"items": []}
        assert len([item for part in parts for item in part["items"]]) == 2
        kinds = [one["value"]["kind"] for one in told if one["token"] == "work"]
        assert (kinds[0], kinds[-1]) == ("begin", "end") and set(kinds[1:-1]) <= {"report"}


async def test_a_check_that_is_cancelled_ends(project: Path) -> None:
    async with Editor(project, capabilities("vscode"), **MODE) as editor:
        await editor.until(lambda: editor.session.typed)
        asked = editor.start("workspace/diagnostic", {"previousResultIds": []})
        await asyncio.sleep(0.05)
        editor.notify("$/cancelRequest", {"id": editor.last_id})
        with pytest.raises(Exception, match="cancel"):
            await asked


async def test_without_being_asked_for_at_the_start_there_are_none(project: Path) -> None:
    async with Editor(project, capabilities("vscode")) as editor:
        assert not editor.offers["diagnosticProvider"]["workspaceDiagnostics"]
        assert await ask(editor) == {"items": []}
