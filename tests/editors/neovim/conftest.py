"""A real Neovim, as `CHATBT_NVIM` names it (`tests/editors/neovim/install` prints one), and a project to open in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
LIMIT_S = 90

CODE = "CC012"
SAMPLE = '''\
"""Greetings."""


def grüße(gäste="🎉", seen=[]):
    seen.append(gäste)
    return seen


banner = "🎉 café", f"wëlcome"
'''
FIXED = SAMPLE.replace('f"wëlcome"', '"wëlcome"')

Visit = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def nvim() -> list[str]:
    program = os.environ.get("CHATBT_NVIM")
    if not program:
        pytest.fail("no Neovim: set CHATBT_NVIM to what tests/editors/neovim/install prints")
    return [program, "--clean", "-n", "-i", "NONE", "-u", str(HERE / "init.lua")]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "pyproject.toml").write_text("[tool.chatbt]\n", encoding="utf-8")
    (folder / "greetings.py").write_text(SAMPLE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def visited(nvim: list[str], project: Path) -> Visit:
    """Runs a script in an editor without a screen, and returns what it reports."""

    def run(script: str, *arguments: str, **environment: str) -> dict[str, Any]:
        report = project.parent / f"{script}.json"
        done = subprocess.run(
            [*nvim, "--headless", *arguments, "-c", f"luafile {HERE / script}"],
            cwd=project,
            env={
                **os.environ,
                "CHATBT_PYTHON": sys.executable,
                "CHATBT_TESTS": str(HERE),
                "CHATBT_REPORT": str(report),
                **environment,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        seen: dict[str, Any] = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
        told = f"{seen.get('problem')}\n{done.stdout}{done.stderr}\n{json.dumps(seen, indent=1, ensure_ascii=False)}"
        assert done.returncode == 0, told
        return seen

    return run
