"""A real engine process with a tiny pair, on a socket of its own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chatbt.engine import launcher
from chatbt.engine.client import Address, Client
from chatbt.engine.places import Places
from chatbt.engine.shapes import Health, State
from tests.dsde.tiny import Pair, Tiny


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A tiny target and its draft."""
    return Tiny(tmp_path_factory.mktemp("models")).pair()


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    """An engine's folder of its own; what was started there is ended at the end."""
    monkeypatch.setenv("CHATBT_RUNTIME_DIR", str(tmp_path / "r"))
    yield Places.of_user()
    for child in launcher._CHILDREN:
        child.kill()
        child.wait()
    launcher._CHILDREN.clear()


@contextmanager
def served(folder: Path, options: list[str]) -> Iterator[Places]:
    """An engine with these options that lives in the folder, its model loaded; it ends with the block."""
    places = Places(folder, folder / "log")
    places.prepare()
    with places.log.open("ab") as log:
        environment = {**os.environ, "CHATBT_RUNTIME_DIR": str(places.runtime)}
        command = [sys.executable, "-m", "chatbt.enginehost", "--load", *options]
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        asyncio.run(ready(places))
        yield places
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, pair: Pair) -> Iterator[Places]:
    """Where the engine of the whole run lives, while it does."""
    with served(tmp_path_factory.mktemp("engine"), arguments(pair)) as places:
        yield places


@pytest.fixture
def engine(home: Places) -> Address:
    """The address of the engine of the whole run."""
    return Address.of(home)


async def ready(places: Places) -> Health:
    """The engine's health when it has loaded its model, or has not been able to."""
    while True:
        known = await launcher.found(places)
        if known is not None and known[1].state in ("ready", "failed"):
            return known[1]
        await asyncio.sleep(0.1)


async def until(client: Client, state: State) -> Health:
    """The engine's health as soon as it is in that state."""
    while True:
        health = await client.health()
        if health.state == state:
            return health
        await asyncio.sleep(0.05)


def arguments(pair: Pair) -> list[str]:
    """What tells an engine to use the pair."""
    return ["--target", str(pair.target), "--draft", str(pair.draft), "--slots", "4", "--device", "cpu"]
