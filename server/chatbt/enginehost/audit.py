"""Who connected, and what was refused: a log of bounded size, without code, prompts or tokens."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOG = logging.getLogger("chatbt.audit")
LARGEST, OLD = 2**20, 2
"""Bytes of a file, and how many older ones are kept."""


def keep_audit(path: Path) -> None:
    """Write the audit log there, where that can be written; else it goes where the engine's own log goes."""
    try:
        handler = RotatingFileHandler(path, maxBytes=LARGEST, backupCount=OLD, encoding="utf-8", delay=False)
    except OSError as error:
        LOG.warning("%s cannot be written: %s", path, error)
        return
    path.chmod(0o600)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    LOG.propagate = False


def connected(session: str) -> None:
    """A session that has not been seen before."""
    LOG.info("connected %s", short(session))


def refused(session: str, method: str, path: str, status: int, why: str) -> None:
    """A request that was not taken."""
    LOG.warning("refused %s %s %s %d: %s", short(session), method, _plain(path), status, why)


def short(session: str) -> str:
    """Enough of a session's name to tell it from others."""
    return _plain(session[:8]) or "-"


def _plain(text: str) -> str:
    """Nothing that could forge a line."""
    return "".join(letter if letter.isalnum() or letter in "/-_." else "?" for letter in text[:80])
