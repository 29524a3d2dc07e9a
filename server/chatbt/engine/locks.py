"""Locks between processes, which end with whoever holds them."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _seize(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _seize(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """A lock on an open file."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def taken(self) -> bool:
        """Whether the lock is ours now."""
        try:
            _seize(self._descriptor)
        except OSError:
            return False
        return True


@contextlib.contextmanager
def locked(path: Path) -> Iterator[Lock]:
    """A lock that is free again at the end, at the latest at that of the process."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        yield Lock(descriptor)
    finally:
        os.close(descriptor)
