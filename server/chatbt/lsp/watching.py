"""Notices changed configuration files for clients that do not tell of them."""

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path

from chatbt.lsp.session import Session
from chatbt.workspace.configuration import CONFIGURATION_FILES

PERIOD_S = 2.0

_Seen = dict[str, tuple[int, int]]


def watch(session: Session) -> None:
    """Look every `PERIOD_S` at the configuration files around the open texts, as long as the loop runs."""
    loop = asyncio.get_running_loop()

    def look(before: _Seen) -> None:
        now = _seen(text.path.parent for text in session.documents if text.path is not None)
        if before != now and session.folders is not None:
            session.folders.reload()
            session.reconfigure()
        loop.call_later(PERIOD_S, look, now)

    loop.call_later(PERIOD_S, look, {})


def _seen(folders: Iterable[Path]) -> _Seen:
    """Time and size of every configuration file in these folders and above."""
    found: _Seen = {}
    for folder in {one for start in set(folders) for one in (start, *start.parents)}:
        for name in CONFIGURATION_FILES:
            path = f"{folder}{os.sep}{name}"
            try:
                status = os.stat(path)  # noqa: PTH116 - some forty of them a second
            except (OSError, ValueError):
                continue
            found[path] = (status.st_mtime_ns, status.st_size)
    return found
