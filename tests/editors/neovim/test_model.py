"""The Neovim plugin with a real server, a real engine and the bundled pair."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.editors.neovim.conftest import FIXED, SAMPLE, Visit

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the engine lives that the server of the editor starts."""
    folder = tmp_path_factory.mktemp("engine")
    yield folder
    stop = [sys.executable, "-m", "chatbt", "engine", "stop"]
    subprocess.run(stop, env={**os.environ, "CHATBT_RUNTIME_DIR": str(folder)}, check=True, timeout=30)


@pytest.fixture(scope="module")
def visit(visited: Visit, engine: Path) -> dict[str, Any]:
    """What model.lua saw."""
    line = 1 + SAMPLE[: SAMPLE.index("[]")].count("\n")
    return visited("model.lua", CHATBT_RUNTIME_DIR=str(engine), CHATBT_LINE=str(line))


def test_nothing_is_loaded_before_the_first_python_file(visit: dict[str, Any]) -> None:
    assert visit["loaded_before"] == []
    assert visit["completed"] == ["restart", "review", "rewrite"]


def test_places_are_counted_as_the_server_counts(visit: dict[str, Any]) -> None:
    [line] = [line for line in SAMPLE.splitlines() if "[]" in line]
    assert visit["utf-8"] == [0, len(line.encode())]
    assert visit["utf-16"] == [0, len(line.encode("utf-16-le")) // 2]
    assert visit["utf-32"] == [0, len(line)]


def test_an_explanation_grows_in_the_float(visit: dict[str, Any]) -> None:
    waiting, *grown = visit["grown"]
    assert waiting == "…"
    assert len(grown) > 1
    assert [len(text) for text in grown] == sorted(len(text) for text in grown)
    assert "`seen`" in visit["explained"]
    assert "CC001" in visit["title"]
    assert visit["closed"]


def test_the_statusline_follows_the_engine(visit: dict[str, Any]) -> None:
    assert {"asleep", "loading", "ready"} <= set(visit["states"])
    assert visit["statusline"] == "ChatBT ready"


def test_an_answer_is_stopped_and_stays_as_it_was(visit: dict[str, Any]) -> None:
    assert not visit["over_too_soon"]
    assert visit["stopped"].endswith("\n\n*Stopped.*")
    assert visit["stopped_later"] == visit["stopped"]


def test_a_further_question_is_asked_in_the_window_of_the_answer(visit: dict[str, Any]) -> None:
    title, text = visit["further"]
    assert title.strip() == "And what is better?"
    assert text


def test_two_restarts_make_one_server(visit: dict[str, Any]) -> None:
    assert visit["servers"] == 1


def test_a_rewrite_is_a_difference_until_it_is_accepted(visit: dict[str, Any]) -> None:
    after, head, windows = visit["difference"]
    assert after + "\n" == FIXED
    assert "a accepts, q leaves it. %<Fixes: 1 × fstring-without-placeholders." in head
    assert windows == 2
    assert visit["accepted"] == [after, False, 1]


def test_checkhealth_finds_all_well(visit: dict[str, Any]) -> None:
    assert "ERROR" not in visit["health"] and "WARNING" not in visit["health"]
    assert "serves 1 buffer(s)" in visit["health"]
    assert "engine ready: bundled on" in visit["health"]
    assert visit["said"] == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("no_program", "ERROR `no-such-chatbt` is no program here"),
        ("not_chatbt", "does not say its version, so it is not ChatBT or broken: Python 3"),
        (
            "engine_off",
            "WARNING there are rules and cards only: it is switched off: the environment has CHATBT_ENGINE=off",
        ),
        ("wrong_options", 'ERROR setup: `window` is "popup"; "float", "split" or "vsplit" is expected'),
    ],
)
def test_checkhealth_finds_the_fault(visit: dict[str, Any], fault: str, said: str) -> None:
    assert said in visit[fault]


def test_wrong_options_are_one_message(visit: dict[str, Any]) -> None:
    [message] = visit["complaints"]
    assert '`cmd` is "chatbt"; a list of strings' in message
    assert "there is no option `colour`; known are border, cmd" in message
