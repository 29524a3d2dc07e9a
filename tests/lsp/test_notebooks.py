"""Notebooks: one text of many cells."""

from pathlib import Path
from typing import Any

import pytest

from tests.lsp.editor import Editor, capabilities, changes_of, edited, pushed_to, span

pytestmark = pytest.mark.asyncio

Json = dict[str, Any]
VSCODE = pushed_to(capabilities("vscode"))


class Cells:
    """A notebook in an editor."""

    def __init__(self, editor: Editor, *texts: str) -> None:
        self.editor = editor
        self.uri = editor.uri("n.ipynb")
        self.cells = [self.cell(number) for number in range(len(texts))]
        self.version = 1
        editor.notify(
            "notebookDocument/didOpen",
            {
                "notebookDocument": {
                    "uri": self.uri,
                    "notebookType": "jupyter-notebook",
                    "version": 1,
                    "cells": [{"kind": 2, "document": uri} for uri in self.cells],
                },
                "cellTextDocuments": [self.item(uri, text) for uri, text in zip(self.cells, texts, strict=True)],
            },
        )

    def cell(self, number: int) -> str:
        return self.uri.replace("file:", "vscode-notebook-cell:") + f"#W{number}sZmlsZQ%3D%3D"

    @staticmethod
    def item(uri: str, text: str) -> Json:
        return {"uri": uri, "languageId": "python", "version": 1, "text": text}

    def change(self, **cells: Any) -> None:
        self.version += 1
        document = {"uri": self.uri, "version": self.version}
        self.editor.notify("notebookDocument/didChange", {"notebookDocument": document, "change": {"cells": cells}})

    def type(self, number: int, version: int, text: str, place: Json) -> None:
        changed = {
            "document": {"uri": self.cells[number], "version": version},
            "changes": [{"text": text, "range": place}],
        }
        self.change(textContent=[changed])

    def shown(self, number: int) -> list[tuple[str, Json]]:
        return [(one["code"], one["range"]) for one in self.editor.shown(self.cells[number])]


async def test_every_cell_has_its_own_diagnostics(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        book = Cells(editor, "x = f'a'", "y = 1", "\nz = f'b'\n")
        assert book.shown(0) == [("CC012", span(0, 4, 0, 8))]
        assert book.shown(1) == []
        assert book.shown(2) == [("CC012", span(1, 4, 1, 8))]


async def test_a_client_that_asks_gets_the_diagnostics_of_a_cell(tmp_path: Path) -> None:
    async with Editor(tmp_path, capabilities("vscode")) as editor:
        book = Cells(editor, "y = 1", "x = f'a'")
        answer = await editor.request("textDocument/diagnostic", {"textDocument": {"uri": book.cells[1]}})
        assert [one["range"] for one in answer["items"]] == [span(0, 4, 0, 8)]


async def test_magics_and_other_languages_are_no_errors(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        cells = ("%matplotlib inline\nx = f'a'", "!ls\nfiles = !ls\nif files:\n    %time x", "%%bash\necho 'hi'", "x?")
        book = Cells(editor, *cells)
        assert book.shown(0) == [("CC012", span(1, 4, 1, 8))]
        assert [book.shown(number) for number in (1, 2, 3)] == [[], [], []]


async def test_a_line_that_begins_with_an_operator_is_no_magic(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        assert Cells(editor, "x = (\n    7\n    % f'a'\n)").shown(0) == [("CC012", span(2, 6, 2, 10))]


async def test_await_at_the_top_of_a_cell_is_no_error(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        assert Cells(editor, "import asyncio\nawait asyncio.sleep(0)").shown(0) == []


async def test_typing_in_a_cell_moves_nothing_in_another(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        book = Cells(editor, "x = 'é🎉'", "z = f'b'")
        book.type(0, 2, "\n\nw = f'q'\n", span(0, 9, 0, 9))
        assert book.shown(0) == [("CC012", span(2, 4, 2, 8))]
        assert book.shown(1) == [("CC012", span(0, 4, 0, 8))]
        [text] = editor.session.documents
        assert text.document.text == "x = 'é🎉'\n\nw = f'q'\n\nz = f'b'\n"


async def test_a_half_written_cell_keeps_the_findings_of_the_others(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        book = Cells(editor, "def f(a=[]):\n    return a", "if True", "def g(a=[]):\n    return a")
        assert [code for code, _ in book.shown(0)] == ["CC001"]
        assert len(book.shown(1)) == 1
        assert [code for code, _ in book.shown(2)] == ["CC001"]


async def test_cells_come_go_and_move(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        book = Cells(editor, "x = f'a'", "y = 1")
        new = book.cell(7)
        book.change(
            structure={
                "array": {"start": 0, "deleteCount": 1, "cells": [{"kind": 2, "document": new}]},
                "didOpen": [book.item(new, "\nn = f'c'")],
                "didClose": [{"uri": book.cells[0]}],
            }
        )
        assert book.shown(0) == []
        assert [one["range"] for one in editor.shown(new)] == [span(1, 4, 1, 8)]
        assert editor.session.documents.get(book.cells[0]) is None


async def test_closing_a_notebook_clears_every_cell(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        book = Cells(editor, "x = f'a'", "z = f'b'")
        closed = {"notebookDocument": {"uri": book.uri}, "cellTextDocuments": [{"uri": uri} for uri in book.cells]}
        editor.notify("notebookDocument/didClose", closed)
        assert book.shown(0) == book.shown(1) == []
        assert not list(editor.session.documents)


async def test_a_fix_edits_its_cell(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        book = Cells(editor, "y = 1", "x = f'a'")
        actions = await editor.actions(book.cells[1], span(0, 5, 0, 5))
        resolved = await editor.request("codeAction/resolve", actions[0])
        [change] = resolved["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": book.cells[1], "version": 1}
        assert edited("x = f'a'", change["edits"]) == "x = 'a'"


async def test_all_safe_fixes_of_a_notebook_leave_the_ends_of_its_cells_alone(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        texts = ("x = f'a'", "%pwd\ny = 1", "z = f'b'\n")
        book = Cells(editor, *texts)
        [every] = await editor.actions(book.cells[0], span(0, 0, 0, 0), only=["source.fixAll"])
        edit = (await editor.request("codeAction/resolve", every))["edit"]
        after = [edited(text, changes_of(edit, uri)) for text, uri in zip(texts, book.cells, strict=True)]
        assert after == ["x = 'a'", "%pwd\ny = 1", "z = 'b'\n"]


async def test_a_change_of_a_notebook_that_is_not_open_is_left_out(tmp_path: Path) -> None:
    async with Editor(tmp_path, VSCODE) as editor:
        book = Cells(editor, "x = f'a'")
        book.uri = editor.uri("other.ipynb")
        book.change(textContent=[])
        assert len(book.shown(0)) == 1
