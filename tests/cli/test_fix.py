"""`chatbt fix`: what it writes, and what it leaves alone."""

import stat
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import DEFAULT, PREFIX, chatbt, write

pytestmark = pytest.mark.usefixtures("project")

FIXED = 'name = "plain"\n'


def test_safe_fixes_are_written_and_counted() -> None:
    path = write("a.py", PREFIX * 2)
    done = chatbt("fix")
    assert (done.status, done.error) == (0, "")
    assert done.out == "Fixed 2 findings:\n- a.py:\n    2 × CC012 (fstring-without-placeholders)\n"
    assert path.read_text() == FIXED * 2


def test_fixes_to_review_are_left_unless_asked_for() -> None:
    path = write("a.py", DEFAULT)
    assert chatbt("fix").out == (
        "Fixed 0 findings.\n1 more to review: `chatbt fix --unsafe-fixes --diff` shows them.\n"
    )
    assert path.read_text() == DEFAULT
    chatbt("fix", "--unsafe-fixes")
    assert "if bucket is None:" in path.read_text()


def test_a_diff_writes_nothing_and_ends_with_1() -> None:
    path = write("pkg/a.py", PREFIX)
    done = chatbt("fix", "--diff")
    assert done.status == 1
    assert done.out == '--- pkg/a.py\n+++ pkg/a.py\n@@ -1 +1 @@\n-name = f"plain"\n+name = "plain"\n'
    assert done.error.startswith("Would fix 1 finding:")
    assert path.read_text() == PREFIX


def test_a_diff_without_changes_ends_with_0() -> None:
    write("a.py", "x = 1\n")
    done = chatbt("fix", "--diff")
    assert (done.status, done.out) == (0, "")


def test_a_diff_can_be_applied_with_patch() -> None:
    path = write("a.py", "x = 1\r\n\x0cy = 2\r\n" + PREFIX.rstrip("\n"))
    Path("change.diff").write_bytes(chatbt("fix", "--diff").out.encode())
    subprocess.run(["git", "init", "-q", "."], check=True)
    subprocess.run(["git", "apply", "change.diff"], check=True)
    assert path.read_bytes() == b'x = 1\r\n\x0cy = 2\r\nname = "plain"'


def test_stdin_is_fixed_to_stdout() -> None:
    done = chatbt("fix", "-", stdin="# é\r\n" + PREFIX)
    assert (done.status, done.out) == (0, "# é\r\n" + FIXED)
    assert done.error.startswith("Fixed 1 finding:")


def test_only_selected_rules_are_fixed() -> None:
    path = write("a.py", PREFIX)
    chatbt("fix", "--ignore", "CC012")
    assert path.read_text() == PREFIX


@pytest.mark.parametrize(
    ("raw", "fixed"),
    [
        (b'\xef\xbb\xbfname = f"\xc3\xa9"\n', b'\xef\xbb\xbfname = "\xc3\xa9"\n'),
        (b'# coding: latin-1\nname = f"\xe9"\n', b'# coding: latin-1\nname = "\xe9"\n'),
        (b'x = 1\r\nname = f"a"\r\n', b'x = 1\r\nname = "a"\r\n'),
        (b'x = 1\rname = f"a"\r', b'x = 1\rname = "a"\r'),
        (b'x = 1\nname = f"a"', b'x = 1\nname = "a"'),
    ],
)
def test_mark_encoding_and_line_endings_are_kept(raw: bytes, fixed: bytes) -> None:
    path = write("a.py", raw)
    assert chatbt("fix").status == 0
    assert path.read_bytes() == fixed


def test_mode_and_links_are_kept() -> None:
    path = write("real/a.py", PREFIX)
    path.chmod(0o755)
    Path("link.py").symlink_to(path)
    chatbt("fix", "link.py")
    assert path.read_text() == FIXED
    assert stat.S_IMODE(path.stat().st_mode) == 0o755
    assert Path("link.py").is_symlink()
    assert [one.name for one in Path("real").iterdir()] == ["a.py"]


def test_a_file_with_a_syntax_error_keeps_it_and_is_fixed_elsewhere() -> None:
    path = write("a.py", PREFIX + "def f(:\n    pass\n\n\n" + PREFIX)
    chatbt("fix")
    assert path.read_text() == FIXED + "def f(:\n    pass\n\n\n" + FIXED


def test_a_file_that_cannot_be_decoded_is_left_alone_and_said() -> None:
    raw = b"x = '\xff'\n" + PREFIX.encode()
    path = write("a.py", raw)
    done = chatbt("fix")
    assert done.status == 2
    assert done.error.startswith("chatbt: a.py: line 1 is not utf-8 (byte 0xff)")
    assert path.read_bytes() == raw


def test_a_notebook_is_left_as_it_is() -> None:
    path = write("a.ipynb", '{"cells": [{"cell_type": "code", "source": "name = f\'plain\'"}], "nbformat": 4}')
    before = path.read_bytes()
    assert chatbt("fix").out == "Fixed 0 findings.\n"
    assert path.read_bytes() == before
