"""Starting the one engine of a user: whoever asks first starts it, everyone else finds it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Sequence

from chatbt.engine.client import Address, Client
from chatbt.engine.errors import EngineError, EngineOffError
from chatbt.engine.installed import MISSING, is_installed
from chatbt.engine.locks import locked
from chatbt.engine.places import Places
from chatbt.engine.settings import read_settings
from chatbt.engine.shapes import Health

PATIENCE = 60.0
"""Seconds until an engine that was started has to answer. Models are loaded afterwards."""
PROMPT = 10.0
"""Seconds in which an engine that is alive says how it is."""
LARGEST = 4 * 2**20
"""Bytes of a log that is still written to."""
_CHILDREN: list[subprocess.Popen[bytes]] = []
"""Engines that this process has started: they may outlive it, and are its own to wait for as long as it lives."""


async def found(places: Places) -> tuple[Address, Health] | None:
    """The engine that is running, None where none is."""
    try:
        address = Address.of(places)
    except EngineError:
        return None
    client = Client(address, silence=PROMPT)
    try:
        return address, await client.health()
    except EngineError:
        return None
    finally:
        await client.close()


async def ended(places: Places) -> bool:
    """End the engine that is running, and wait until it is gone; whether there was one.

    Raises `EngineError` where it stays.
    """
    known = await found(places)
    if known is None:
        return False
    client = Client(known[0])
    try:
        await client.stop()
    finally:
        await client.close()
    with locked(places.alive) as lock:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if lock.taken():
                return True
            await asyncio.sleep(0.05)
    raise EngineError(f"the engine does not end; its log is {places.log}")


async def running(places: Places, options: Sequence[str] = ()) -> Address:
    """The engine, started with `options` where there is none. Raises `EngineError` where it does not come up, and
    `EngineOffError` where the user wants none.

    Ten windows that ask at once get one engine: the first holds the lock, the others wait for it and then find it.
    """
    settings = read_settings()
    if not settings.enabled:
        raise EngineOffError(settings.why_off)
    if (known := await found(places)) is not None:
        return known[0]
    places.prepare()
    with locked(places.lock) as lock:
        while not lock.taken():
            await asyncio.sleep(0.05)
            if (known := await found(places)) is not None:
                return known[0]
        if (known := await found(places)) is not None:
            return known[0]
        process = _started(places, options)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if (known := await found(places)) is not None:
                return known[0]
            if process.poll() is not None:
                raise EngineError(f"the engine ended with status {process.returncode}; its log is {places.log}")
            await asyncio.sleep(0.05)
    raise EngineError(f"the engine did not come up in {PATIENCE:.0f} seconds; its log is {places.log}")


def _started(places: Places, options: Sequence[str]) -> subprocess.Popen[bytes]:
    """An engine that outlives its parent, which writes into the log. Raises `EngineError` where none is installed."""
    if not is_installed():
        raise EngineError(MISSING)
    command = [sys.executable, "-m", "chatbt.enginehost", "--load", *options]
    if places.log.exists() and places.log.stat().st_size > LARGEST:
        places.log.replace(places.log.with_suffix(".old.log"))
    with places.log.open("ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    _CHILDREN.append(process)
    return process
