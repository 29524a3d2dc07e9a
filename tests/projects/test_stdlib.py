"""The standard library: no crash, no finding outside the file, no fix that falls from the ladder."""

import logging
import sysconfig
from pathlib import Path

import pytest

from chatbt.analysis.scopes import FileFacts
from chatbt.source.document import Document, Position, Range
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import problems
from chatbt.workspace.fixing import fix_of
from chatbt.workspace.profile import Profile
from chatbt.workspace.trial import attempt

STDLIB = Path(sysconfig.get_path("stdlib"))
FILES = sorted(file for file in STDLIB.rglob("*.py") if not {"site-packages", "data"} & set(file.parts))
PROFILE = Profile(frozenset(patterns()), FileFacts((3, 11)))
PARTS = 8


def check(files: list[Path], caplog: pytest.LogCaptureFixture) -> None:
    checked = 0
    for file in files:
        try:
            text = file.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        document = Document.from_text(file.name, text)
        whole = Range(Position(1, 0), document.end)
        checker = Checker(document, PROFILE)
        falls = []
        for problem in problems(checker):
            assert whole.contains(problem.stretch), (file, problem.id, problem.stretch)
            assert problem.stretch.start < problem.stretch.end or problem.report is None
            if problem.report is None:
                continue
            fix = fix_of(checker, problem.chunk, problem.state, problem.report)
            if fix is not None and (fall := attempt(checker, fix.edits, problem.report).fall):
                falls.append((problem.id, problem.stretch.start.line, str(fall)))
        assert not falls, (file, falls)
        checked += 1
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR], caplog.text
    assert checked


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_fourth_file_is_checked_and_every_fix_passes(part: int, caplog: pytest.LogCaptureFixture) -> None:
    check(FILES[part :: 4 * PARTS], caplog)


@pytest.mark.long
@pytest.mark.parametrize("part", range(4 * PARTS))
def test_every_file_is_checked_and_every_fix_passes(part: int, caplog: pytest.LogCaptureFixture) -> None:
    check(FILES[part :: 4 * PARTS], caplog)
