"""`chatbt dev ladder`: what becomes of edits, by pattern."""

import pytest

from tests.cli.command import DEFAULT, PREFIX, chatbt, write
from tests.suggestions import SAFE

pytestmark = pytest.mark.usefixtures("project")


def test_every_pattern_that_found_something_has_a_row() -> None:
    write("a.py", SAFE + DEFAULT + PREFIX)
    done = chatbt("dev", "ladder")
    assert done.status == 0
    head, *rows = (line.split() for line in done.out.splitlines())
    assert head[:2] == ["Id", "Name"] and head[-1] == "again"
    assert rows == [
        ["CC001", "mutable-default-argument", "1", "1", "1"],
        ["CC012", "fstring-without-placeholders", "1", "1", "1"],
        ["PY021", "negated-membership", "1", "1", "1"],
    ]


def test_the_patterns_can_be_chosen() -> None:
    write("a.py", SAFE + PREFIX)
    out = chatbt("dev", "ladder", "--select", "PY", "a.py").out
    assert "PY021" in out and "CC012" not in out


def test_nothing_is_written() -> None:
    file = write("a.py", SAFE)
    chatbt("dev", "ladder")
    assert file.read_text() == SAFE


def test_a_path_that_leads_nowhere_ends_with_2() -> None:
    assert chatbt("dev", "ladder", "missing.py").status == 2
