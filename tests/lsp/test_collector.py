"""Open texts and the garbage collector."""

import ast
import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbt.lsp import collector
from chatbt.lsp.actions import fix_for
from chatbt.workspace.checker import Checker
from chatbt.workspace.trial import attempt
from tests.lsp.editor import Editor

pytestmark = pytest.mark.asyncio

CODE = "def f(a=[]):\n    return a\n"


@pytest.fixture
def off() -> Iterator[None]:
    """As in a server."""
    gc.disable()
    yield
    gc.enable()


async def test_a_closed_text_is_collected_when_nothing_else_is_to_be_done(
    tmp_path: Path, off: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collector, "_IDLE_S", 0.01)
    async with Editor(tmp_path) as editor:
        uri = editor.open("a.py", CODE)
        [text] = editor.session.documents
        seen = weakref.ref(text)
        del text
        editor.close(uri)
        await editor.until(lambda: seen() is None)


async def test_what_an_answer_left_is_collected_behind_it(
    tmp_path: Path, off: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("a.py", CODE)
        [text] = editor.session.documents
        [problem] = text.problems()
        fix = fix_for(text, problem)
        assert fix and problem.report
        tried = attempt(text.checker, fix.edits, problem.report).checker
        assert tried
        seen = tree_of(tried)
        del tried
        assert seen() is not None
        monkeypatch.setattr(collector, "_YOUNG", 1)
        editor.change(uri, 2, ("b", (0, 4), (0, 5)))
        assert seen() is None


async def test_what_is_made_and_given_up_without_a_rest_is_collected_too(
    tmp_path: Path, off: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collector, "_MOST", 1)
    monkeypatch.setattr(collector, "_YOUNG", 1)
    async with Editor(tmp_path) as editor:
        uri = editor.open("a.py", CODE)
        [text] = editor.session.documents
        editor.change(uri, 2, ("b", (0, 4), (0, 5)))
        seen = tree_of(text.checker)
        editor.change(uri, 3, ("c", (0, 4), (0, 5)))
        assert seen() is None


def tree_of(checker: Checker) -> "weakref.ref[ast.stmt]":
    """The tree of the first chunk, in which every node knows its parent."""
    _, state = next(checker.chunks())
    return weakref.ref(state.walked.parsed.body[0])
