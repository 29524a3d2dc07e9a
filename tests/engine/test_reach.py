"""The way to the engine that the user wants, before any process is started."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from types import ModuleType

import pytest

from chatbt.engine.client import Client
from chatbt.engine.errors import EngineError, EngineOffError
from chatbt.engine.keys import key_for
from chatbt.engine.launcher import running
from chatbt.engine.locks import locked
from chatbt.engine.places import Places
from chatbt.engine.reach import Reach
from chatbt.engine.settings import Settings, settings_file, write_settings


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Where no engine is."""
    return Places(tmp_path / "r", tmp_path / "log")


def test_off_means_no_process(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBT_ENGINE", "off")
    with pytest.raises(EngineOffError, match="switched off: the environment has CHATBT_ENGINE=off"):
        asyncio.run(running(places))
    with pytest.raises(EngineOffError):
        asyncio.run(Reach(places=places).client())
    assert asyncio.run(Reach(places=places).running()) is None
    assert not places.runtime.exists()


def test_the_setting_switches_it_off_too(places: Places) -> None:
    file = write_settings({"enabled": False})
    try:
        assert file == settings_file()
        with pytest.raises(EngineOffError, match=r"settings\.toml:2 has engine.enabled = false"):
            asyncio.run(running(places))
    finally:
        file.unlink()


def test_a_url_leads_elsewhere_with_the_key_of_the_environment(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBT_ENGINE_KEY", "from-the-environment")
    settings = [Settings(url="https://gpu.example/v1", model="theirs")]

    async def reached() -> list[Client]:
        reach = Reach(lambda: settings[-1], places)
        first, again = await reach.client(), await reach.client()
        settings.append(Settings(url="https://other.example"))
        return [first, again, await reach.client()]

    first, again, other = asyncio.run(reached())
    assert first is again
    assert (first._address.url, first._address.key, first._address.model) == (
        "https://gpu.example",
        "from-the-environment",
        "theirs",
    )
    assert other.name == "https://other.example"


def test_a_key_comes_from_the_keyring_where_the_environment_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = ModuleType("keyring")
    ring.__dict__["get_password"] = lambda service, name: f"{service} {name}"
    monkeypatch.setitem(sys.modules, "keyring", ring)
    monkeypatch.delenv("CHATBT_ENGINE_KEY", raising=False)
    assert key_for("https://gpu.example:8000/v1") == "chatbt gpu.example"
    ring.__dict__["get_password"] = lambda *_: 1 / 0
    assert key_for("https://gpu.example:8000/v1") == ""


def test_a_folder_that_others_may_write_to_is_refused(places: Places) -> None:
    places.runtime.mkdir(parents=True)
    places.runtime.chmod(0o777)
    with pytest.raises(EngineError, match="written to by others"):
        places.prepare()
    places.runtime.chmod(0o700)
    places.runtime.parent.chmod(0o777)
    with pytest.raises(EngineError, match="written to by others"):
        places.prepare()


def test_a_lock_is_held_once_and_ends_with_its_holder(tmp_path: Path) -> None:
    with locked(tmp_path / "lock") as one:
        assert one.taken()
        with locked(tmp_path / "lock") as other:
            assert not other.taken()
    with locked(tmp_path / "lock") as after:
        assert after.taken()
