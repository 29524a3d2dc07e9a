"""Code actions of suggestions: made here, everywhere in the file, ignored, reported."""

import logging
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
from tests.lsp.test_actions import titled, without
from tests.suggestions import REVIEW, SAFE, SAFE_AFTER, STDLIB

pytestmark = pytest.mark.asyncio

Json = dict[str, Any]
VSCODE = pushed_to(capabilities("vscode"))
NO_RESOLVE = without(VSCODE, "textDocument", "codeAction", "resolveSupport")
AT = span(1, 10, 1, 10)
PYTHONIC, STDLIB_KIND = "refactor.rewrite.chatbt.pythonic", "refactor.rewrite.chatbt.stdlib"


async def rewrites(editor: Editor, uri: str, place: Json, **context: Any) -> list[Json]:
    found = await editor.actions(uri, place, **context)
    return [one for one in found if one["kind"] in (PYTHONIC, STDLIB_KIND)]


async def made(editor: Editor, uri: str, text: str, action: Json) -> str:
    resolved = await editor.request("codeAction/resolve", action)
    assert {key: value for key, value in resolved.items() if key != "edit"} == action
    return edited(text, changes_of(resolved["edit"], uri))


async def test_a_safe_suggestion_is_a_preferred_rewrite_that_is_made_when_resolved(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", SAFE, version=3)
        [action] = await rewrites(editor, uri, AT)
        assert (action["kind"], action["isPreferred"], action["title"]) == (PYTHONIC, True, "Use `not in`")
        assert "edit" not in action and "diagnostics" not in action
        resolved = await editor.request("codeAction/resolve", action)
        [change] = resolved["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": uri, "version": 3}
        assert await made(editor, uri, SAFE, action) == SAFE_AFTER


async def test_one_to_review_says_so_and_is_not_preferred(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", REVIEW)
        [action] = await rewrites(editor, uri, AT)
        assert action["title"].endswith(" (review)")
        assert "isPreferred" not in action
        assert await made(editor, uri, REVIEW, action) == REVIEW.replace("== None", "is None")


async def test_a_standard_library_suggestion_has_its_kind_and_brings_its_import(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", STDLIB)
        [action] = await rewrites(editor, uri, span(2, 35, 2, 35))
        assert action["kind"] == STDLIB_KIND
        assert "from itertools import pairwise\n" in await made(editor, uri, STDLIB, action)


async def test_the_kinds_are_announced(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        kinds = editor.offers["codeActionProvider"]["codeActionKinds"]
        assert {PYTHONIC, STDLIB_KIND, "refactor.rewrite.chatbt"} <= set(kinds)


@pytest.mark.parametrize(
    ("only", "found"),
    [
        (None, True),
        (["refactor"], True),
        (["refactor.rewrite"], True),
        (["refactor.rewrite.chatbt"], True),
        ([PYTHONIC], True),
        ([STDLIB_KIND], False),
        (["quickfix"], False),
        (["refactor.extract"], False),
        (["source"], False),
    ],
)
async def test_only_what_is_asked_for_is_offered(tmp_path: Path, only: list[str] | None, found: bool) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        assert bool(await rewrites(editor, editor.open("a.py", SAFE), AT, only=only)) is found


async def test_suggestions_come_after_the_quick_fixes(tmp_path: Path) -> None:
    text = 'def f(seen, key):\n    return not key in seen, f"q"\n'
    async with Editor(tmp_path, VSCODE) as editor:
        kinds = [one["kind"] for one in await editor.actions(editor.open("a.py", text), span(1, 0, 1, 40))]
        assert kinds == sorted(kinds, key=["quickfix", PYTHONIC, "refactor.rewrite.chatbt.ignore",
                                           "source.fixAll.chatbt"].index)  # fmt: skip
        assert {"quickfix", PYTHONIC} <= set(kinds)


async def test_edits_come_at_once_for_a_client_that_cannot_resolve(tmp_path: Path) -> None:
    async with Editor(tmp_path, NO_RESOLVE) as editor:
        uri = editor.open("a.py", SAFE * 2)
        [action] = await rewrites(editor, uri, AT)
        assert edited(SAFE * 2, changes_of(action["edit"], uri)) == SAFE_AFTER + SAFE
        assert "data" not in action


async def test_a_few_at_most_are_offered_and_the_most_specific_come_first(tmp_path: Path) -> None:
    text = "def f(flag, seen, key):\n    if flag:\n        if not key in seen:\n            seen.add(key)\n"
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", text)
        found = await rewrites(editor, uri, span(1, 4, 2, 20))
        assert [one["data"]["id"] for one in found] == ["PY021", "PY027"]
        many = editor.open("b.py", SAFE + REVIEW + STDLIB + text.replace("not key in seen", "key != None"))
        assert 3 <= len(await rewrites(editor, many, span(0, 0, 99, 0))) <= 5


async def test_one_that_is_found_again_can_be_made_everywhere(tmp_path: Path) -> None:
    text = SAFE + REVIEW + SAFE
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", text)
        here, everywhere = await rewrites(editor, uri, AT)
        assert everywhere["title"] == "Apply PY021 (negated-membership) everywhere in this file"
        assert (here["kind"], everywhere["kind"]) == (PYTHONIC, PYTHONIC)
        assert "isPreferred" not in everywhere
        assert await made(editor, uri, text, here) == SAFE_AFTER + REVIEW + SAFE
        assert await made(editor, uri, text, everywhere) == SAFE_AFTER + REVIEW + SAFE_AFTER


async def test_what_is_to_review_is_never_made_everywhere(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        assert len(await rewrites(editor, editor.open("a.py", REVIEW * 2), AT)) == 1


async def test_everywhere_goes_on_until_nothing_is_left(tmp_path: Path) -> None:
    text = "def f(a, b, c):\n    return not (not a in b) in c, not a in c\n"
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", text)
        everywhere = titled(
            await rewrites(editor, uri, span(1, 18, 1, 18)), "Apply PY021 (negated-membership) everywhere in this file"
        )
        assert "not (" not in await made(editor, uri, text, everywhere)


async def test_everywhere_is_not_made_in_advance(tmp_path: Path) -> None:
    async with Editor(tmp_path, NO_RESOLVE) as editor:
        uri = editor.open("a.py", SAFE * 2)
        assert len(await rewrites(editor, uri, AT)) == 1
        _, everywhere = await rewrites(editor, uri, AT, only=["refactor"])
        assert edited(SAFE * 2, changes_of(everywhere["edit"], uri)) == SAFE_AFTER * 2


@pytest.mark.parametrize("line", [4, 99])
async def test_a_place_behind_the_end_has_no_actions(tmp_path: Path, line: int) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        assert await editor.actions(editor.open("a.py", SAFE), span(line, 0, line, 5)) == []


async def test_the_line_behind_the_last_line_ending_is_no_place_behind_the_end(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        assert await editor.actions(editor.open("a.py", SAFE), span(3, 0, 3, 0))


async def test_an_action_of_an_older_text_is_refused(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", SAFE * 2)
        actions = await rewrites(editor, uri, AT)
        editor.change(uri, 2, ("\n", (0, 0), (0, 0)))
        for action in actions:
            with pytest.raises(ServerError, match="the text has changed since the action was offered") as caught:
                await editor.request("codeAction/resolve", action)
            assert caught.value.code == errors.CONTENT_MODIFIED


async def test_the_rung_that_refuses_an_edit_is_said_and_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_it(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix:
        return safe("Break it", Edit(rewrite.place(finding.node), "("))

    monkeypatch.setattr(patterns()["PY021"], "make_fix", break_it)
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", SAFE * 2)
        for action in await rewrites(editor, uri, AT):
            caplog.clear()
            with caplog.at_level(logging.WARNING), pytest.raises(ServerError, match="the result parses"):
                await editor.request("codeAction/resolve", action)
            assert "the result parses" in caplog.text
        assert len(editor.told_of("window/showMessage")) == 2


async def test_drawn_ones_are_quick_fixes_and_rewrites_only_when_these_are_asked_for(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE, initializationOptions={"hints": True}) as editor:
        uri = editor.open("a.py", SAFE)
        assert await rewrites(editor, uri, AT) == []
        assert titled(await editor.actions(uri, AT), "Use `not in`")["kind"] == "quickfix"
        assert len(await rewrites(editor, uri, AT, only=["refactor"])) == 1


async def test_a_suggestion_can_be_ignored_on_its_line_and_in_its_file(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", SAFE)
        actions = await editor.actions(uri, AT)
        on_line = await made(editor, uri, SAFE, titled(actions, "Ignore PY021 on this line"))
        assert on_line == SAFE.replace("seen:\n", "seen:  # chatbt: ignore[PY021]\n")
        in_file = await made(editor, uri, SAFE, titled(actions, "Ignore PY021 in this file"))
        assert in_file == f"# chatbt: ignore-file[PY021]\n{SAFE}"
        for number, text in enumerate((on_line, in_file)):
            again = editor.open(f"again{number}.py", text)
            assert await rewrites(editor, again, span(0, 0, 9, 0)) == []
            assert editor.shown(again) == []


async def test_a_suggestion_can_be_ignored_in_the_project(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text("", encoding="utf-8")
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", SAFE)
        ignore = titled(await editor.actions(uri, AT), "Ignore PY021 in this project")
        resolved = await editor.request("codeAction/resolve", ignore)
        after = edited("", changes_of(resolved["edit"], project.as_uri()))
        assert after == '[tool.chatbt]\nignore = ["PY021"]\n'
        project.write_text(after, encoding="utf-8")
        changed = {"changes": [{"uri": project.as_uri(), "type": 2}]}
        editor.notify("workspace/didChangeWatchedFiles", changed)
        assert await rewrites(editor, uri, AT) == []


async def test_a_suggestion_can_be_reported_as_a_false_alarm(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", "import os\n" + SAFE)
        alarm = titled(await editor.actions(uri, span(2, 10, 2, 10)), "Report PY021 as a false alarm")
        command = {key: alarm["command"][key] for key in ("command", "arguments")}
        report = await editor.request("workspace/executeCommand", command)
        assert f"```python\n{SAFE}```" in report


async def test_suggestions_in_a_notebook_are_offered_in_their_cells(tmp_path: Path) -> None:
    async with Editor(tmp_path, capabilities("vscode")) as editor:
        uris = [f"vscode-notebook-cell:/nb.ipynb#{number}" for number in range(2)]
        document = {
            "uri": (tmp_path / "nb.ipynb").as_uri(),
            "notebookType": "jupyter-notebook",
            "version": 1,
            "cells": [{"kind": 2, "document": uri} for uri in uris],
        }
        texts = ("%magic\nx = 1", SAFE.removesuffix("\n"))
        items = [
            {"uri": uri, "languageId": "python", "version": 1, "text": text}
            for uri, text in zip(uris, texts, strict=True)
        ]
        editor.notify("notebookDocument/didOpen", {"notebookDocument": document, "cellTextDocuments": items})
        [action] = await rewrites(editor, uris[1], AT)
        assert await made(editor, uris[1], texts[1], action) == SAFE_AFTER.removesuffix("\n")
        assert await editor.actions(uris[0], span(2, 0, 2, 0)) == []


async def test_where_actions_are_asked_for_hovers_are_prepared(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", SAFE + REVIEW)
        await editor.actions(uri, span(4, 10, 4, 10))
        [text] = editor.session.documents
        [_, review] = [one.report for some in text.suggestions() for one in some]
        assert review is not None
        assert await editor.until(lambda: editor.session.previews(text).get(review))


async def test_what_is_offered_everywhere_is_known_after_a_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbt.lsp.previews.IDLE_S", 0.01)
    async with Editor(tmp_path, VSCODE) as editor:
        editor.open("a.py", SAFE + "y = 1\n" * 99 + SAFE)
        [text] = editor.session.documents
        states = [state for _, state in text.checker.chunks()]
        await editor.until(lambda: all(state.suggestions is not None for state in states))
