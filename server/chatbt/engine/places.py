"""Where an engine's files lie. Each version of ChatBT has an engine of its own."""

from __future__ import annotations

import os
import stat
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_log_path, user_runtime_path

from chatbt import __version__
from chatbt.engine.errors import EngineError


@dataclass(frozen=True, slots=True)
class Places:
    """A folder that only its user may open, and one for the log."""

    runtime: Path
    logs: Path

    @classmethod
    def of_user(cls) -> Places:
        """The user's own; CHATBT_RUNTIME_DIR names another, logs and all, for tests and for several engines."""
        if runtime := os.environ.get("CHATBT_RUNTIME_DIR"):
            return cls(Path(runtime), Path(runtime) / "log")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of no runtime folder: there is one in the temporary folder then
            folder = user_runtime_path("chatbt")
        return cls(folder, user_log_path("chatbt"))

    @property
    def socket(self) -> Path:
        """Where the engine listens."""
        return self.runtime / f"engine-{__version__}.sock"

    @property
    def token(self) -> Path:
        """What a client has to say, known to this user alone."""
        return self.runtime / f"engine-{__version__}.token"

    @property
    def port(self) -> Path:
        """Where there is no socket: the port of the loopback device on which the engine listens."""
        return self.runtime / f"engine-{__version__}.port"

    @property
    def lock(self) -> Path:
        """Held by whoever starts an engine."""
        return self.runtime / f"engine-{__version__}.lock"

    @property
    def alive(self) -> Path:
        """Held by the engine as long as it lives."""
        return self.runtime / f"engine-{__version__}.alive"

    @property
    def loading(self) -> Path:
        """What the engine is loading just now: left over where that was its end."""
        return self.runtime / f"engine-{__version__}.loading"

    @property
    def log(self) -> Path:
        """What the engine has to say."""
        return self.logs / "engine.log"

    @property
    def audit(self) -> Path:
        """Who connected, and who was refused."""
        return self.logs / "audit.log"

    @property
    def figures(self) -> Path:
        """The figures of past requests; the number is that of its layout."""
        return self.logs / "figures-1.sqlite"

    def prepare(self) -> None:
        """Make the folders. Raises `EngineError` where another user could reach into the one of the socket."""
        self.logs.mkdir(parents=True, exist_ok=True)
        self.runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
        if sys.platform != "win32" and not (_ours(self.runtime) and _kept(self.runtime.parent)):
            raise EngineError(f"{self.runtime} can be written to by others: chmod 700 it, or set CHATBT_RUNTIME_DIR")


def _ours(folder: Path) -> bool:
    """Whether nobody else may write into it."""
    found = folder.stat()
    return found.st_uid == os.getuid() and not stat.S_IMODE(found.st_mode) & 0o022


def _kept(folder: Path) -> bool:
    """Whether nobody else may put another folder into the place of one in it."""
    found = folder.stat()
    mode = stat.S_IMODE(found.st_mode)
    return found.st_uid in (0, os.getuid()) and (not mode & 0o022 or bool(mode & stat.S_ISVTX))
