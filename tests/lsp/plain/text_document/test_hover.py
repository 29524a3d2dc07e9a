"""Hover: cards of findings, and of ids in comments."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chatbt.lsp.previews import preview
from chatbt.specialists.registry import patterns, standard_names
from tests.lsp.editor import PLAIN, Editor, capabilities, pushed_to, span
from tests.suggestions import REVIEW, SAFE, STDLIB

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
        shown = [preview(text, problem) for problem in text.problems() if problem.report]
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


# ---- suggestions


async def test_hover_shows_the_card_of_a_suggestion(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        answer = await hover(editor, editor.open("a.py", SAFE), 1, 10)
        assert answer["range"] == span(1, 7, 1, 22)
        card = answer["contents"]["value"]
        assert "`PY021` negated-membership" in card
        assert "For example:" in card and "*When the fix is safe:*" in card
        assert "docs.python.org" not in card and "needs Python" not in card


async def test_hover_links_the_module_and_names_the_python_that_a_suggestion_needs(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE, initializationOptions={"docsUrl": "https://example.org/"}) as editor:
        card = (await hover(editor, editor.open("a.py", STDLIB), 2, 35))["contents"]["value"]
        assert "[SL005 in full](https://example.org/stdlib/pairwise)" in card
        assert "[itertools](https://docs.python.org/3/library/itertools.html)" in card
        assert "needs Python 3.10" in card


async def test_what_a_suggestion_would_change_is_prepared_around_the_last_edit_and_hover(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", SAFE + REVIEW)
        [text] = editor.session.documents
        previews = editor.session.previews(text)
        safe, review = (one.report for some in text.suggestions() for one in some)
        assert safe is not None and review is not None
        await editor.until(lambda: previews.get(safe))
        card = (await hover(editor, uri, 1, 10))["contents"]["value"]
        assert "```diff\n-    if not key in seen:\n+    if key not in seen:\n" in card
        assert previews.get(review) is None
        assert "For example:" in (await hover(editor, uri, 4, 10))["contents"]["value"]
        await editor.until(lambda: previews.get(review))
        assert "+    if value is None:" in (await hover(editor, uri, 4, 10))["contents"]["value"]


async def test_a_hover_makes_no_fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    monkeypatch.setattr(patterns()["PY021"], "make_fix", lambda *_: made.append(1))
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", SAFE)
        [text] = editor.session.documents
        editor.session.previews(text).stop()
        assert await hover(editor, uri, 1, 10)
        assert made == []


async def test_the_most_specific_suggestion_is_shown_alone(tmp_path: Path) -> None:
    code = "def f(rows, key, seen):\n    return not key in {row: not row in seen for row in rows}\n"
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", code)
        for character, start in ((30, 28), (13, 11)):
            answer = await hover(editor, uri, 1, character)
            assert answer["contents"]["value"].count("`PY021`") == 1
            assert answer["range"]["start"]["character"] == start


async def test_code_of_many_lines_has_its_card_on_the_first(tmp_path: Path) -> None:
    code = "def f(seen, key):\n    if not (\n        key in seen\n    ):\n        seen.add(key)\n"
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", code)
        assert await hover(editor, uri, 1, 8)
        assert await hover(editor, uri, 2, 10) is None


async def test_a_suggestion_that_is_silenced_or_off_has_no_card(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        uri = editor.open("a.py", SAFE.replace("seen:\n", "seen:  # chatbt: ignore[PY021]\n"))
        assert await hover(editor, uri, 1, 10) is None
    async with Editor(tmp_path, VSCODE, initializationOptions={"ignore": ["PY"]}) as editor:
        assert await hover(editor, editor.open("a.py", SAFE), 1, 10) is None


# ---- names of the standard library


@pytest.fixture
def described(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Descriptions that do not depend on what the patterns say today."""
    for pattern in patterns().values():
        monkeypatch.setattr(pattern, "names", {})
    texts = {"itertools.pairwise": "Neighbours. Not for chunks.", "os.path.join": "Joins."}
    monkeypatch.setattr(patterns()["SL005"], "names", texts)
    standard_names.cache_clear()
    yield
    standard_names.cache_clear()


NAMES = """\
import itertools
import os.path as p
from itertools import pairwise as pw, chain


def f(xs, pairwise):
    pairwise(xs)
    return itertools.pairwise(xs), pw(xs), p.join("a"), f"{pw(xs)!r}"
"""


@pytest.mark.usefixtures("described")
@pytest.mark.parametrize(
    ("line", "character", "place"),
    [
        (2, 24, span(2, 22, 2, 36)),  # where it is imported
        (2, 38, None),  # chain
        (5, 12, None),  # a parameter of that name
        (6, 6, None),
        (7, 12, None),  # the module
        (7, 22, span(7, 21, 7, 29)),
        (7, 36, span(7, 35, 7, 37)),
        (7, 45, span(7, 45, 7, 49)),
        (7, 60, span(7, 59, 7, 61)),  # in an f-string
    ],
)
async def test_a_name_is_explained_where_it_is_certain(tmp_path: Path, line: int, character: int, place: Any) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        answer = await hover(editor, editor.open("a.py", NAMES), line, character)
        assert (answer and answer["range"]) == place


@pytest.mark.usefixtures("described")
async def test_the_card_of_a_name_is_short_and_links_to_its_documentation(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE, initializationOptions={"docsUrl": "https://example.org"}) as editor:
        answer = await hover(editor, editor.open("a.py", NAMES), 7, 22)
        assert answer["contents"]["value"] == (
            "**itertools.pairwise**\n\nNeighbours. Not for chunks.\n\n"
            "[itertools.pairwise](https://docs.python.org/3/library/itertools.html#itertools.pairwise) · "
            "[SL005 pairwise](https://example.org/stdlib/pairwise)"
        )


@pytest.mark.usefixtures("described")
async def test_a_name_is_not_explained_where_its_pattern_is_off(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE, initializationOptions={"ignore": ["SL005"]}) as editor:
        assert await hover(editor, editor.open("a.py", NAMES), 7, 22) is None
