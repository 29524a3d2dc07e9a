"""Where an engine's files lie. Each version of ChatBT has an engine of its own."""

from __future__ import annotations

import os
import stat
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
        """The user's own; CHATBT_RUNTIME_DIR names another, for tests and for several engines."""
        runtime = os.environ.get("CHATBT_RUNTIME_DIR")
        return cls(Path(runtime) if runtime else user_runtime_path("chatbt"), user_log_path("chatbt"))

    @property
    def socket(self) -> Path:
        """Where the engine listens."""
        return self.runtime / f"engine-{__version__}.sock"

    @property
    def token(self) -> Path:
        """What a client has to say, known to this user alone."""
        return self.runtime / f"engine-{__version__}.token"

    @property
    def lock(self) -> Path:
        """Held while an engine starts, and by the engine as long as it lives."""
        return self.runtime / f"engine-{__version__}.lock"

    @property
    def log(self) -> Path:
        """What the engine has to say."""
        return self.logs / "engine.log"

    def prepare(self) -> None:
        """Make the folders. Raises `EngineError` where another user could reach into the one of the socket."""
        self.logs.mkdir(parents=True, exist_ok=True)
        self.runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = self.runtime.stat()
        if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o022:
            raise EngineError(f"{self.runtime} can be written to by others: chmod 700 it, or set CHATBT_RUNTIME_DIR")
