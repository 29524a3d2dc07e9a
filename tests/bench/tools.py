"""The programs that are measured, the empty world they run in, and the bench's cache directory."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.bench.lspclient import Client

OURS = (sys.executable, "-m", "chatbt")


@dataclass(frozen=True)
class Program:
    """A program under measurement: what the tables call it, and its command line."""

    name: str
    command: tuple[str, ...]


@cache
def ruff() -> str:
    """The ruff of this environment, else the one on PATH."""
    beside = Path(sysconfig.get_path("scripts")) / "ruff"
    found = str(beside) if beside.exists() else shutil.which("ruff")
    if not found:
        raise SystemExit("ruff is not installed here: pip install ruff")
    return found


def servers(ours: str | None) -> tuple[Program, Program]:
    """Our server, or another stdio server given as a command line, and ruff's with its default rules."""
    own = Program("ours", tuple(shlex.split(ours)) if ours else (*OURS, "lsp"))
    return own, Program("ruff", (ruff(), "server"))


@cache
def versions() -> dict[str, str]:
    return {"chatbt": _version((*OURS, "--version")), "ruff": _version((ruff(), "--version"))}


def _version(command: tuple[str, ...]) -> str:
    """The last word of what `--version` prints; `none` for a program that is not there."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tempfile.gettempdir())
    return done.stdout.split()[-1] if done.returncode == 0 and done.stdout else "none"


def cache_directory(name: str) -> Path:
    """A directory of the bench's own under the user's cache directory, made if need be."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    path = base / "chatbt-bench" / name
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextmanager
def empty_world() -> Iterator[tuple[Path, dict[str, str]]]:
    """A project and an environment without configuration: tools have their defaults, ours all of its rules."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        base = Path(name)
        for part in ("project", "config", "cache"):
            (base / part).mkdir()
        (base / "project" / "chatbt.toml").write_text("preview = true\n", encoding="utf-8")
        environment = dict(os.environ, XDG_CONFIG_HOME=str(base / "config"), XDG_CACHE_HOME=str(base / "cache"))
        # What is installed has its modules compiled; a checkout compiles them the first time, if it may.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        yield base / "project", environment


@contextmanager
def started(programs: Iterable[Program], *, pull: bool = False) -> Iterator[dict[str, Client]]:
    """The servers, initialized, in one empty project."""
    with empty_world() as (root, environment), ExitStack() as stack:
        clients = {}
        for program in programs:
            client = stack.enter_context(Client(program.command, root, environment=environment))
            client.initialize(pull=pull)
            clients[program.name] = client
        yield clients
