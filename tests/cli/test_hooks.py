"""The hooks for pre-commit run as they are written."""

import re
import shlex
from pathlib import Path

import pytest

import chatbt as package
from tests.cli.command import PREFIX, chatbt, write

HOOKS = Path(package.__file__).parents[2] / ".pre-commit-hooks.yaml"


@pytest.mark.usefixtures("project")
def test_the_hooks_take_files_and_leave_out_what_is_excluded() -> None:
    entries = re.findall(r"^  entry: chatbt (.*)$", HOOKS.read_text(encoding="utf-8"), re.MULTILINE)
    check, fix = map(shlex.split, entries)
    write("chatbt.toml", 'exclude = ["vendored"]\n')
    files = [write("a.py", PREFIX), write("vendored/b.py", PREFIX)]
    checked = chatbt(*check, "--output-format", "concise", *files)
    assert checked.status == 1
    assert "Found 1 finding." in checked.out
    assert chatbt(*fix, *files).status == 0
    assert [path.read_text() == PREFIX for path in files] == [False, True]
