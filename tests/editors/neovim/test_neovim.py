"""A real Neovim with the real server: once without a screen, once in a terminal.

`CHATBT_NVIM` names the Neovim, as `tests/editors/neovim/install` prints it. What the terminal showed is kept
in `.artifacts/`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.editors.neovim.conftest import CODE, FIXED, SAMPLE, Visit

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
ARTIFACTS = HERE.parents[2] / ".artifacts"
DEADLINE_S = 20.0


def place(token: str) -> tuple[int, int, int]:
    """0-based line, first and last column in UTF-8 bytes, which is how Neovim counts."""
    [(number, line)] = [(n, line) for n, line in enumerate(SAMPLE.splitlines()) if token in line]
    start = line.encode().index(token.encode())
    return number, start, start + len(token.encode())


@pytest.fixture(scope="module")
def visit(visited: Visit) -> dict[str, Any]:
    """What drive.lua saw."""
    return visited("drive.lua", "greetings.py", CHATBT_CODE=CODE)


def test_diagnostics_stand_on_their_columns_after_emoji_and_accents(visit: dict[str, Any]) -> None:
    places = {d["code"]: (d["line"], d["column"], d["end_column"]) for d in visit["before"]}
    assert places[CODE] == place('f"wëlcome"')
    assert places["CC001"] == place("[]")


def test_every_diagnostic_is_shown_once(visit: dict[str, Any]) -> None:
    assert sorted(d["code"] for d in visit["before"]) == ["CC001", CODE]
    assert {d["source"] for d in visit["before"]} == {"chatbt"}


def test_hover_shows_the_card_of_the_finding_under_the_cursor(visit: dict[str, Any]) -> None:
    assert CODE in visit["hover"]


def test_the_preferred_quick_fix_changes_the_text_and_clears_its_diagnostic(visit: dict[str, Any]) -> None:
    assert visit["text"] == FIXED
    assert [d["code"] for d in visit["after"]] == ["CC001"]


@dataclass(frozen=True)
class Terminal:
    """Neovim in a tmux of its own, 100 columns by 26 lines."""

    tmux: list[str]
    artifacts: Path

    def type(self, *keys: str) -> None:
        subprocess.run([*self.tmux, "send-keys", *keys], check=True)

    def screen(self) -> str:
        return subprocess.run([*self.tmux, "capture-pane", "-p"], check=True, capture_output=True, text=True).stdout

    def until(self, shown: Callable[[str], object], name: str) -> str:
        """The first screen that shows it, kept as an artefact under `name`."""
        deadline = time.monotonic() + DEADLINE_S
        screen = self.screen()
        while not shown(screen):
            if time.monotonic() > deadline:
                pytest.fail(f"{name}: not on the screen within {DEADLINE_S:.0f} s:\n{screen}")
            time.sleep(0.05)
            screen = self.screen()
        (self.artifacts / f"{name}.txt").write_text(screen, encoding="utf-8")
        return screen


@pytest.fixture
def terminal(nvim: list[str], project: Path, tmp_path: Path) -> Iterator[Terminal]:
    version = subprocess.run([nvim[0], "--version"], check=True, capture_output=True, text=True).stdout
    artifacts = ARTIFACTS / version.splitlines()[0].lower().replace(" ", "-")
    artifacts.mkdir(parents=True, exist_ok=True)
    tmux = ["tmux", "-u", "-S", str(tmp_path / "tmux"), "-f", os.devnull]
    environment = {
        **os.environ,
        "CHATBT_PYTHON": sys.executable,
        "TERM": "xterm-256color",
        "LC_ALL": "C.UTF-8",
    }
    window = ["new-session", "-d", "-x", "100", "-y", "26", "-c", str(project), *nvim, "greetings.py"]
    subprocess.run([*tmux, *window], check=True, env=environment)
    try:
        yield Terminal(tmux, artifacts)
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)


def test_a_person_sees_the_finding_its_card_the_menu_and_the_fix(terminal: Terminal, visit: dict[str, Any]) -> None:
    line, column, _ = place('f"wëlcome"')
    [message] = [d["message"] for d in visit["before"] if d["code"] == CODE]
    [title] = [a["title"] for a in visit["actions"] if a["kind"] == "quickfix" and a["preferred"]]

    terminal.until(lambda screen: message[:30] in screen, "diagnostics")
    terminal.type(f":call cursor({line + 1}, {column + 1})", "Enter", "K")
    terminal.until(lambda screen: CODE in screen, "hover")
    terminal.type(":fclose", "Enter", ":lua vim.lsp.buf.code_action()", "Enter")
    menu = terminal.until(lambda screen: title in screen, "menu")
    [number] = re.findall(rf"^(\d+): {re.escape(title)}", menu, re.MULTILINE)
    terminal.type(number, "Enter")
    terminal.until(lambda screen: ', "wëlcome"' in screen and message[:30] not in screen, "fixed")
