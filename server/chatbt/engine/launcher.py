"""Starting the one engine of a user: whoever asks first starts it, everyone else finds it."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

from chatbt.engine.client import Address, Client
from chatbt.engine.errors import EngineError
from chatbt.engine.places import Places
from chatbt.engine.shapes import Health

PATIENCE = 60.0
"""Seconds until an engine that was started has to answer. Models are loaded afterwards."""
_CHILDREN: list[subprocess.Popen[bytes]] = []
"""Engines that this process has started: they may outlive it, and are its own to wait for as long as it lives."""


async def found(places: Places) -> tuple[Address, Health] | None:
    """The engine that is running, None where none is."""
    try:
        address = Address.of(places)
    except EngineError:
        return None
    client = Client(address)
    try:
        return address, await client.health()
    except EngineError:
        return None
    finally:
        await client.close()


async def ended(places: Places) -> bool:
    """End the engine that is running; whether there was one."""
    known = await found(places)
    if known is None:
        return False
    client = Client(known[0])
    try:
        await client.stop()
    finally:
        await client.close()
    return True


async def running(places: Places, options: Sequence[str] = ()) -> Address:
    """The engine, started with `options` where there is none. Raises `EngineError` where it does not come up.

    Ten windows that ask at once get one engine: the first holds the lock, the others wait for it and then find it.
    """
    if (known := await found(places)) is not None:
        return known[0]
    places.prepare()
    with _locked(places) as lock:
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
    """An engine that outlives its parent, which writes into the log."""
    command = [sys.executable, "-m", "chatbt.enginehost", *options]
    with places.log.open("ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    _CHILDREN.append(process)
    return process


class _Lock:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def taken(self) -> bool:
        """Whether the lock is ours now."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextlib.contextmanager
def _locked(places: Places) -> Iterator[_Lock]:
    descriptor = os.open(places.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield _Lock(descriptor)
    finally:
        os.close(descriptor)
