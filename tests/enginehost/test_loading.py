"""An engine's way to its model: how far it is, what it says when there is none, and that it goes again."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from chatbt.engine.client import Address, Client
from chatbt.engine.errors import EngineError
from chatbt.engine.launcher import running
from chatbt.engine.places import Places
from chatbt.engine.shapes import Health
from tests.dsde.tiny import Pair
from tests.enginehost.conftest import arguments, ready, until
from tests.enginehost.test_server import told

pytestmark = pytest.mark.slow


async def after(places: Places, options: list[str]) -> tuple[Address, Health]:
    """The engine, started with options, and how it is when it has tried to load."""
    address = await running(places, options)
    return address, await ready(places)


def test_an_engine_says_what_it_runs_and_where(engine: Address, pair: Pair) -> None:
    async def asked() -> Health:
        client = Client(engine)
        try:
            return await client.health()
        finally:
            await client.close()

    health = asyncio.run(asked())
    assert (health.model, health.device, health.precision) == (pair.target.name, "cpu", "float32")
    assert (health.percent, health.policy, health.capacity) == (100, "dsde", 64)
    assert health.memory_bytes > 2**20


def test_a_model_that_is_not_there_is_a_state_with_its_reason(places: Places, pair: Pair) -> None:
    address, health = asyncio.run(after(places, ["--target", str(pair.target.parent / "nowhere")]))
    assert health.state == "failed"
    assert "nowhere is neither a model that is here nor a folder" in health.reason
    with pytest.raises(EngineError, match="chatbt model list"):
        asyncio.run(told(address))


def test_a_damaged_model_is_a_state_with_its_reason(places: Places, pair: Pair, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(pair.target, folder)
    (folder / "model.safetensors").write_bytes(b"\xff" * 64)
    address, health = asyncio.run(after(places, ["--target", str(folder)]))
    assert (health.state, health.model, health.device) == ("failed", "damaged", "cpu")
    assert "model.safetensors cannot be read" in health.reason
    with pytest.raises(EngineError, match="download the model again"):
        asyncio.run(told(address))


def test_a_model_that_is_deleted_is_used_on_and_missed_when_it_has_been_freed(
    places: Places, pair: Pair, tmp_path: Path
) -> None:
    own = Pair(tmp_path / "target", tmp_path / "draft")
    shutil.copytree(pair.target, own.target)
    shutil.copytree(pair.draft, own.draft)

    async def used() -> tuple[str, Health]:
        address, _ = await after(places, [*arguments(own), "--unload-after", "0.5"])
        shutil.rmtree(own.target)
        text, _ = await told(address)
        client = Client(address)
        try:
            await until(client, "unloaded")
            with pytest.raises(EngineError, match="neither a model"):
                await told(address)
            return text, await client.health()
        finally:
            await client.close()

    text, health = asyncio.run(used())
    assert text
    assert health.state == "failed"


def test_a_loading_that_killed_the_engine_is_not_repeated(places: Places, pair: Pair) -> None:
    places.prepare()
    places.loading.write_text(f"{pair.target.name} on cpu in float32")
    _, health = asyncio.run(after(places, arguments(pair)))
    assert health.state == "failed"
    assert "killed while it loaded" in health.reason
