"""The ladder refuses what it should, on the right rung."""

import pytest

from chatbt.analysis.scopes import FileFacts
from chatbt.rewriting.fix import Edit
from chatbt.source.document import Document, Range
from chatbt.specialists.registry import patterns
from chatbt.verification.ladder import Rung
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import problems
from chatbt.workspace.fixing import fix_of
from chatbt.workspace.profile import Profile
from chatbt.workspace.trial import attempt

TEXT = """\
import os

def f(a=[]):
    # keep me
    a.append(1)
    return os.name

class A:
    x = 1

    def g(self):
        return f'x'
"""


def fall(*edits: Edit, pattern: str = "CC001") -> Rung | None:
    checker = Checker(Document.from_text("x.py", TEXT), Profile(frozenset(patterns()), FileFacts((3, 11))))
    report = next(one.report for one in problems(checker) if one.id == pattern)
    assert report is not None
    trial = attempt(checker, edits, report)
    assert (trial.checker is None) == (trial.fall is not None)
    return trial.fall.rung if trial.fall else None


def edit(line: int, column: int, end_line: int, end_column: int, text: str) -> Edit:
    return Edit(Range.of(line, column, end_line, end_column), text)


@pytest.mark.parametrize(
    ("edits", "rung"),
    [
        ([edit(3, 8, 3, 10, "None")], None),
        ([edit(3, 8, 3, 10, "(")], Rung.PARSES),
        ([edit(3, 8, 3, 10, "()"), edit(3, 9, 3, 10, "x")], Rung.PARSES),
        ([edit(3, 8, 3, 10, "None"), edit(4, 0, 5, 0, "")], Rung.COMMENTS_KEPT),
        ([edit(3, 8, 3, 10, "{}")], Rung.NO_LONGER_FIRES),
        ([edit(3, 8, 3, 10, "[ ]")], Rung.NO_LONGER_FIRES),
        ([edit(3, 8, 3, 10, "None"), edit(5, 4, 5, 15, "a.append(f'y')")], Rung.NOTHING_NEW),
    ],
)
def test_an_edit_falls_from_the_rung_it_cannot_pass(edits: list[Edit], rung: Rung | None) -> None:
    assert fall(*edits) == rung


def test_a_finding_below_removed_lines_is_not_taken_for_one_of_what_was_made() -> None:
    text = "x = {\n    'b': 0,\n    'a': 1,\n    'b': 2,\n    'a': 3,\n}\n"
    checker = Checker(Document.from_text("x.py", text), Profile(frozenset(["CC009"])))
    *_, report = (one.report for one in problems(checker))
    assert report is not None
    assert attempt(checker, [edit(3, 0, 4, 0, "")], report).fall is None


def test_a_finding_elsewhere_that_an_edit_brings_about_is_a_new_one() -> None:
    text = (
        "def f(rows, xs, ys):\n    for x in range(len(xs)):\n        for y in range(len(ys)):\n"
        "            if rows[x][y]:\n                show(xs[x], ys[y])\n"
    )
    checker = Checker(Document.from_text("x.py", text), Profile(frozenset(["PY003"])))
    [problem] = problems(checker, suggestions=True)
    assert problem.report is not None
    fix = fix_of(checker, problem.chunk, problem.state, problem.report)
    assert fix is not None
    found = attempt(checker, fix.edits, problem.report).fall
    assert found is not None and found.rung is Rung.NOTHING_NEW


def test_an_edit_in_one_method_is_tried_without_the_rest_of_the_class() -> None:
    assert fall(edit(12, 15, 12, 19, "'x'"), pattern="CC012") is None
