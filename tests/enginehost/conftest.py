"""A real engine process with a tiny pair, on a socket of its own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbt.engine import launcher
from chatbt.engine.client import Address
from chatbt.engine.places import Places
from tests.dsde.tiny import Pair, Tiny


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A tiny target and its draft."""
    return Tiny(tmp_path_factory.mktemp("models")).pair()


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    """An engine's folder of its own; what was started there is ended at the end."""
    monkeypatch.setenv("CHATBT_RUNTIME_DIR", str(tmp_path / "r"))
    monkeypatch.setattr("chatbt.engine.places.user_log_path", lambda _name: tmp_path / "log")
    yield Places.of_user()
    for child in launcher._CHILDREN:
        child.kill()
        child.wait()
    launcher._CHILDREN.clear()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, pair: Pair) -> Iterator[Places]:
    """Where the engine of the whole run lives, while it does."""
    folder = tmp_path_factory.mktemp("engine")
    places = Places(folder / "r", folder)
    places.prepare()
    with places.log.open("ab") as log:
        environment = {**os.environ, "CHATBT_RUNTIME_DIR": str(places.runtime)}
        command = [sys.executable, "-m", "chatbt.enginehost", *arguments(pair)]
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        while asyncio.run(launcher.found(places)) is None:
            assert process.poll() is None, places.log.read_text()
            time.sleep(0.1)
        yield places
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def engine(home: Places) -> Address:
    """The address of the engine of the whole run."""
    return Address.of(home)


def arguments(pair: Pair) -> list[str]:
    """What tells an engine to use the pair."""
    return ["--target", str(pair.target), "--draft", str(pair.draft), "--slots", "4"]
