"""A real engine process with a tiny pair, which the editors of this folder share."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from chatbt.engine.places import Places
from tests.dsde.tiny import Tiny
from tests.enginehost.conftest import arguments, ready


@pytest.fixture(scope="package")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[bytes]]:
    """The engine, which the sessions of this process find."""
    folder = tmp_path_factory.mktemp("engine")
    places = Places(folder, folder / "log")
    places.prepare()
    pair = Tiny(tmp_path_factory.mktemp("models")).pair(
        max_position_embeddings=8192
    )  # what a real model is asked is long
    with pytest.MonkeyPatch.context() as patch, places.log.open("ab") as log:
        patch.setenv("CHATBT_RUNTIME_DIR", str(places.runtime))
        process = start(arguments(pair), places, log.fileno())
        yield process
        process.kill()
        process.wait()


def start(options: list[str], places: Places, log: int) -> subprocess.Popen[bytes]:
    """An engine that answers."""
    command = [sys.executable, "-m", "chatbt.enginehost", "--load", *options]
    process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ})
    asyncio.run(ready(places))
    return process
