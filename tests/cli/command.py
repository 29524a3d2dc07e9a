"""The real command, in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEFAULT = "def add(item, bucket=[]):\n    bucket.append(item)\n    return bucket\n"
"""One finding, CC001 in line 1, with a fix to review."""

PREFIX = 'name = f"plain"\n'
"""One finding, CC012 in line 1, with a safe fix."""


@dataclass(frozen=True)
class Done:
    """How the command ended, and what it wrote."""

    status: int
    out: str
    error: str

    def json(self) -> Any:
        return json.loads(self.out)


def chatbt(*arguments: str | Path, stdin: str | bytes = "", environment: Mapping[str, str] | None = None) -> Done:
    """Run `chatbt ARGUMENTS` in the current folder."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    command = [sys.executable, "-m", "chatbt", *map(str, arguments)]
    done = subprocess.run(command, check=False, input=given, capture_output=True, timeout=120, env=environment)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def write(name: str, content: str | bytes) -> Path:
    """Write a file below the current folder."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
