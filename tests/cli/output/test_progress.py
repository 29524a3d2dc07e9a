"""The progress bar, on a terminal of our own."""

import os
import pty
import subprocess
import sys
import threading

import pytest

from chatbt.cli.output.progress import bar
from tests.cli.command import PREFIX, write


def drawn(count: int) -> bytes:
    """What `chatbt check` writes on a terminal as it checks so many files."""
    for number in range(count):
        write(f"m{number}.py", PREFIX)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "chatbt", "check", "--no-cache", "--output-format", "concise"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    text = b""
    try:
        while data := os.read(ours, 1 << 16):
            text += data
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(ours)
    assert process.wait() == 1
    return text


@pytest.mark.usefixtures("project")
def test_many_files_have_a_bar_that_goes_away() -> None:
    text = drawn(150)
    assert b"Checking" in text
    assert b"100%" in text
    assert text.rstrip().endswith(b"\x1b[2K")


@pytest.mark.usefixtures("project")
def test_few_files_have_none() -> None:
    assert drawn(5) == b""


def test_the_bar_has_no_thread_beside_which_processes_would_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    before = threading.active_count()
    with bar(wanted=True) as progress:
        progress.ahead(200)
        for _ in range(200):
            progress.step()
        assert threading.active_count() == before
