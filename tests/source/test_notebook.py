"""Notebooks as Python."""

import json

import pytest

from chatbt.source.notebook import python_of, read_notebook


def notebook(*cells: tuple[str, str], language: str = "python") -> str:
    made = [{"cell_type": kind, "source": source} for kind, source in cells]
    return json.dumps({"cells": made, "metadata": {"language_info": {"name": language}}, "nbformat": 4})


def test_code_cells_follow_each_other() -> None:
    held = read_notebook(notebook(("code", "x = 1\ny = 2"), ("markdown", "# no"), ("code", ""), ("code", "z = 3\n")))
    assert held.text == "x = 1\ny = 2\n\nz = 3\n\n"
    assert [held.place(row) for row in (1, 2, 3, 4)] == [(1, 1), (1, 2), (3, 1), (4, 1)]


def test_a_notebook_of_another_language_has_no_python() -> None:
    assert read_notebook(notebook(("code", "x <- 1"), language="R")).text == ""


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("if x:\n    !ls\n", "if x:\n    pass\n"),
        ("files = !ls\n", "pass\n"),
        ("print?\nobject.method??", "pass\npass"),
        ("%%time\nx = 1\n", "pass\nx = 1\n"),
        ("%%bash\nls\npwd\n", "\n\n"),
        ("x = y % 2\nif x != 3: pass\n", "x = y % 2\nif x != 3: pass\n"),
    ],
)
def test_lines_of_ipython_are_taken_out_and_the_others_stay_in_place(cell: str, python: str) -> None:
    assert python_of(cell) == python
