"""The memory of process trees."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.bench import memory

HOLD = "held = bytearray(50 << 20); print(flush=True); input()"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLD!r}])"


def test_what_a_child_holds_counts() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdin and parent.stdout
        parent.stdout.readline()
        own, tree = memory.resident_kib(parent.pid) / 1024, memory.resident_mib(parent.pid)
        parent.stdin.close()
    assert tree > own + 50


def test_a_process_that_ended_holds_nothing() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert memory.resident_mib(ended.pid) == 0


def test_our_own_memory_is_what_the_kernel_says() -> None:
    assert memory.resident_kib(os.getpid()) > 1000
