"""Code actions, resolved and not, as a client meets them."""

import json
from pathlib import Path
from typing import Any

import pytest

from chatbt.analysis.finding import Finding
from chatbt.analysis.scopes import Scope
from chatbt.lsp import errors
from chatbt.rewriting.fix import Edit, Fix, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.registry import patterns
from tests.lsp.editor import Editor, ServerError, capabilities, changes_of, edited, pushed_to, span

pytestmark = pytest.mark.asyncio

Json = dict[str, Any]
VSCODE = pushed_to(capabilities("vscode"))
REQUEST_CANCELLED = -32800
CODE = "def f(a=[]):\n    return a, f'q'\n"


def without(offered: Json, *path: str) -> Json:
    """The client that lacks one capability."""
    copied: Json = json.loads(json.dumps(offered))
    place = copied
    for name in path[:-1]:
        place = place[name]
    place.pop(path[-1], None)
    return copied


def titled(actions: list[Json], title: str) -> Json:
    [found] = [action for action in actions if action["title"] == title]
    return found


async def test_a_safe_fix_is_preferred_and_names_its_diagnostic(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", CODE)
        [one] = [found for found in editor.shown(uri) if found["code"] == "CC012"]
        actions = await editor.actions(uri, one["range"], [one])
        fix = titled(actions, "Remove the `f` prefix")
        assert (fix["kind"], fix["isPreferred"], fix["diagnostics"]) == ("quickfix", True, [one])


async def test_a_fix_for_review_says_so_and_is_not_preferred(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", CODE)
        fixes = [
            action for action in await editor.actions(uri, span(0, 8, 0, 8)) if action["title"].endswith("(review)")
        ]
        assert len(fixes) == 1
        assert "isPreferred" not in fixes[0]


async def test_an_edit_comes_when_the_action_is_resolved_and_is_bound_to_its_version(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", CODE, version=4)
        fix = titled(await editor.actions(uri, span(1, 14, 1, 14)), "Remove the `f` prefix")
        assert "edit" not in fix
        resolved = await editor.request("codeAction/resolve", fix)
        [change] = resolved["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": uri, "version": 4}
        assert edited(CODE, change["edits"]) == CODE.replace("f'q'", "'q'")


async def test_edits_come_at_once_for_a_client_that_cannot_resolve(tmp_path: Path) -> None:
    async with Editor(tmp_path, without(VSCODE, "textDocument", "codeAction", "resolveSupport")) as editor:
        uri = editor.open("a.py", CODE)
        fix = titled(await editor.actions(uri, span(1, 14, 1, 14)), "Remove the `f` prefix")
        assert edited(CODE, changes_of(fix["edit"], uri)) == CODE.replace("f'q'", "'q'")
        assert "data" not in fix


async def test_edits_come_as_plain_changes_for_a_client_without_document_changes(tmp_path: Path) -> None:
    async with Editor(tmp_path, without(VSCODE, "workspace", "workspaceEdit", "documentChanges")) as editor:
        uri = editor.open("a.py", CODE)
        fix = titled(await editor.actions(uri, span(1, 14, 1, 14)), "Remove the `f` prefix")
        resolved = await editor.request("codeAction/resolve", fix)
        assert resolved["edit"].keys() == {"changes"}
        assert edited(CODE, changes_of(resolved["edit"], uri)) == CODE.replace("f'q'", "'q'")


async def test_actions_are_found_by_place_when_the_client_drops_the_data(tmp_path: Path) -> None:
    async with Editor(tmp_path, without(VSCODE, "textDocument", "publishDiagnostics", "dataSupport")) as editor:
        uri = editor.open("a.py", CODE)
        [one] = [found for found in editor.shown(uri) if found["code"] == "CC012"]
        assert "data" not in one
        assert titled(await editor.actions(uri, one["range"], [one]), "Remove the `f` prefix")["diagnostics"] == [one]


async def test_an_action_of_an_older_text_is_refused(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", CODE)
        fix = titled(await editor.actions(uri, span(1, 14, 1, 14)), "Remove the `f` prefix")
        editor.change(uri, 2, ("\n", (0, 0), (0, 0)))
        with pytest.raises(ServerError) as caught:
            await editor.request("codeAction/resolve", fix)
        assert caught.value.code == errors.CONTENT_MODIFIED
        assert editor.told_of("window/showMessage") == []


@pytest.mark.parametrize("data", [None, 3, {}, {"do": "fix"}, {"do": "x", "uri": "u", "version": 1, "more": 2}])
async def test_an_action_that_is_not_ours_is_refused(tmp_path: Path, data: Any) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        with pytest.raises(ServerError):
            await editor.request("codeAction/resolve", {"title": "x", "data": data})


async def test_a_client_that_takes_only_commands_gets_no_actions(tmp_path: Path) -> None:
    async with Editor(tmp_path, without(VSCODE, "textDocument", "codeAction", "codeActionLiteralSupport")) as editor:
        assert await editor.actions(editor.open("a.py", CODE), span(0, 0, 9, 0)) == []


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        (["quickfix"], {"quickfix"}),
        (["source"], {"source.fixAll.chatbt"}),
        (["source.fixAll"], {"source.fixAll.chatbt"}),
        (["source.fixAll.chatbt"], {"source.fixAll.chatbt"}),
        (["source.fixAll.ruff"], set()),
        (["source.organizeImports"], set()),
        (["refactor", "source"], {"source.fixAll.chatbt"}),
        ([""], {"quickfix", "source.fixAll.chatbt"}),
    ],
)
async def test_only_what_is_asked_for_is_offered(tmp_path: Path, only: list[str], kinds: set[str]) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        actions = await editor.actions(editor.open("a.py", CODE), span(0, 0, 1, 99), only=only)
        assert {action["kind"] for action in actions} == kinds


async def test_all_safe_fixes_are_applied_together_and_no_other(tmp_path: Path) -> None:
    code = CODE + "x = f'a', f'b'\nif x is 'a':\n    pass\n"
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", code)
        [every] = await editor.actions(uri, span(0, 0, 0, 0), only=["source.fixAll"])
        resolved = await editor.request("codeAction/resolve", every)
        after = edited(code, changes_of(resolved["edit"], uri))
        assert after == code.replace("f'q'", "'q'").replace("f'a', f'b'", "'a', 'b'")


async def test_all_fixes_come_at_once_only_when_they_are_asked_for(tmp_path: Path) -> None:
    async with Editor(tmp_path, without(VSCODE, "textDocument", "codeAction", "resolveSupport")) as editor:
        uri = editor.open("a.py", CODE)
        assert all(one["kind"] == "quickfix" for one in await editor.actions(uri, span(0, 0, 1, 99)))
        [every] = await editor.actions(uri, span(0, 0, 0, 0), only=["source.fixAll"])
        assert edited(CODE, changes_of(every["edit"], uri)) == CODE.replace("f'q'", "'q'")


async def test_a_finding_can_be_ignored_on_its_line(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", CODE)
        ignore = titled(await editor.actions(uri, span(1, 14, 1, 14)), "Ignore CC012 on this line")
        resolved = await editor.request("codeAction/resolve", ignore)
        after = edited(CODE, changes_of(resolved["edit"], uri))
        assert after == CODE.replace("f'q'", "f'q'  # chatbt: ignore[CC012]")


async def test_a_rule_can_be_ignored_in_its_file(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", CODE)
        ignore = titled(await editor.actions(uri, span(1, 14, 1, 14)), "Ignore CC012 in this file")
        resolved = await editor.request("codeAction/resolve", ignore)
        assert edited(CODE, changes_of(resolved["edit"], uri)) == f"# chatbt: ignore-file[CC012]\n{CODE}"


async def test_a_rule_can_be_ignored_in_the_project(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text('[tool.chatbt]\nignore = ["CC001"]\n', encoding="utf-8")
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", CODE)
        ignore = titled(await editor.actions(uri, span(1, 14, 1, 14)), "Ignore CC012 in this project")
        resolved = await editor.request("codeAction/resolve", ignore)
        after = edited(project.read_text(encoding="utf-8"), changes_of(resolved["edit"], project.as_uri()))
        assert after == '[tool.chatbt]\nignore = ["CC001", "CC012"]\n'


async def test_a_project_without_a_configuration_gets_one(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("sub/a.py", CODE)
        ignore = titled(await editor.actions(uri, span(1, 14, 1, 14)), "Ignore CC012 in this project")
        create, change = (await editor.request("codeAction/resolve", ignore))["edit"]["documentChanges"]
        assert create == {"kind": "create", "uri": (tmp_path / "pyproject.toml").as_uri()}
        assert edited("", change["edits"]) == '[tool.chatbt]\nignore = ["CC012"]\n'


async def test_a_finding_left_to_ruff_is_not_shown_but_its_fix_is_offered(tmp_path: Path) -> None:
    (tmp_path / "ruff.toml").write_text('[lint]\nselect = ["F"]\n', encoding="utf-8")
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", "x = f'q'\n")
        assert editor.shown(uri) == []
        assert titled(await editor.actions(uri, span(0, 5, 0, 5)), "Remove the `f` prefix")


async def test_an_edit_that_falls_from_the_ladder_is_refused_and_the_rung_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_it(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix:
        return safe("Break it", Edit(rewrite.place(finding.node), "("))

    monkeypatch.setattr(patterns()["CC012"], "make_fix", break_it)
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", CODE)
        fix = titled(await editor.actions(uri, span(1, 14, 1, 14)), "Break it")
        with pytest.raises(ServerError, match="the result parses") as caught:
            await editor.request("codeAction/resolve", fix)
        assert caught.value.code == errors.REQUEST_FAILED
        [said] = editor.told_of("window/showMessage")
        assert "Break it" in said["message"] and "the result parses" in said["message"]


async def test_a_fix_that_crashes_is_not_offered_and_takes_nothing_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix:
        raise ZeroDivisionError

    monkeypatch.setattr(patterns()["CC012"], "make_fix", crash)
    async with Editor(tmp_path, VSCODE) as editor:
        titles = [one["title"] for one in await editor.actions(editor.open("a.py", CODE), span(0, 0, 1, 99))]
        assert any(title.endswith("(review)") for title in titles)
        assert "Ignore CC012 on this line" in titles


async def test_a_text_that_is_closed_while_its_fixes_are_made_gets_none(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", CODE)
        [every] = await editor.actions(uri, span(0, 0, 0, 0), only=["source.fixAll"])
        resolving = editor.start("codeAction/resolve", every)
        editor.close(uri)
        with pytest.raises(ServerError) as caught:
            await resolving
        assert caught.value.code == errors.CONTENT_MODIFIED


async def test_a_request_can_be_cancelled(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", CODE * 200)
        [every] = await editor.actions(uri, span(0, 0, 0, 0), only=["source.fixAll"])
        resolving = editor.start("codeAction/resolve", every)
        editor.notify("$/cancelRequest", {"id": editor.last_id})
        with pytest.raises(ServerError) as caught:
            await resolving
        assert caught.value.code == REQUEST_CANCELLED
