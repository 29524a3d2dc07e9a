"""The findings of one file as plain values."""

import os
import tempfile
from pathlib import Path

import pytest

from chatbt.analysis.scopes import FileFacts
from chatbt.workspace.check_file import check_task, check_text
from chatbt.workspace.check_pool import Task
from chatbt.workspace.check_result import Record
from chatbt.workspace.profile import Profile

PROFILE = Profile(frozenset({"CC001", "CC012"}), FileFacts((3, 11)))


def found(text: str, *, fixes: bool = False) -> tuple[Record, ...]:
    return check_text("a.py", text, PROFILE, fixes=fixes)


def task(path: Path) -> Task:
    return Task(str(path), PROFILE, 0)


def test_columns_are_code_points_from_1() -> None:
    (one,) = found('x = "日本👍"; y = f"ä"\n')
    assert (one.row, one.column, one.end_row, one.end_column) == (1, 16, 1, 20)


def test_a_fix_has_its_class_and_edits() -> None:
    (one,) = found('x = "👍"; y = f"a"\n', fixes=True)
    assert one.fix
    assert one.fix.applicability == "safe"
    assert [edit[:3] for edit in one.fix.edits] == [(1, 14, 1)]


def test_plain_values_survive_json() -> None:
    text = "def f(a=[]):\n    a.append(f'b')\n    return a\n"
    for one in found(text, fixes=True):
        assert Record.of_plain(one.plain()) == one


def test_a_file_that_has_vanished_is_said(tmp_path: Path) -> None:
    result = check_task(task(tmp_path / "gone.py"), fixes=False)
    assert (result.records, result.error) == ((), "cannot be read (No such file or directory)")


def test_a_folder_in_the_place_of_a_file_is_said(tmp_path: Path) -> None:
    assert check_task(task(tmp_path), fixes=False).error == "cannot be read (Is a directory)"


def test_a_file_that_may_not_be_read_is_said() -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "a.py")
        path.touch()
        path.chmod(0)
        Path(name).chmod(0o755)
        user = os.geteuid()
        if user == 0:  # whom nothing is closed to
            os.seteuid(65534)
        try:
            result = check_task(task(path), fixes=False)
        finally:
            os.seteuid(user)
    assert (result.records, result.error) == ((), "cannot be read (Permission denied)")


def test_findings_of_a_notebook_count_rows_in_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(
        '{"cells": [{"cell_type": "markdown", "source": ["# Title"]},'
        ' {"cell_type": "code", "source": ["%time x = 1\\n", "y = f\'a\'"]},'
        ' {"cell_type": "code", "source": "z = f\'b\'"}], "metadata": {}, "nbformat": 4}'
    )
    places = [(one.cell, one.row, one.column) for one in check_task(task(path), fixes=True).records]
    assert places == [(2, 2, 5), (3, 1, 5)]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"cells": [{}]}', '{"cells": 1}', '{"cells": [[]]}'])
def test_what_is_no_notebook_is_a_finding(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(content)
    codes = [(one.code, one.message) for one in check_task(task(path), fixes=False).records]
    assert codes == [("invalid-syntax", "it is no notebook of format 4")]
