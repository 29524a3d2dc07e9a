"""What goes wrong with the process itself: each time one clear error, and the next request finds an engine."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from chatbt.engine import reach as reaching
from chatbt.engine.client import Address, Client, Piece
from chatbt.engine.errors import EngineError
from chatbt.engine.launcher import ended, found, running
from chatbt.engine.places import Places
from chatbt.engine.reach import Reach
from chatbt.engine.settings import settings_file, write_settings
from chatbt.engine.shapes import ChatRequest, Message
from tests.dsde.tiny import Pair
from tests.enginehost.conftest import arguments, ready
from tests.enginehost.test_server import told

pytestmark = pytest.mark.slow

ASKED = ChatRequest(messages=[Message("user", "x = 1")], max_tokens=400)
_WINDOW = """
import asyncio, sys
from chatbt.engine.launcher import running
from chatbt.engine.places import Places
print(asyncio.run(running(Places.of_user(), sys.argv[1:])).key)
"""
_OTHER_VERSION = """
import sys
import chatbt
chatbt.__version__ = "99.0"
from chatbt.enginehost.__main__ import main
sys.exit(main())
"""


@pytest.fixture
def settled(pair: Pair) -> Iterator[Path]:
    """The user's settings name the tiny pair."""
    yield write_settings({"model": str(pair.target), "draft": str(pair.draft), "device": "cpu"})
    settings_file().unlink()


def engine_of(places: Places) -> int:
    """The process that holds the lock of the living."""
    held = str(places.alive.stat().st_ino)
    for line in Path("/proc/locks").read_text().splitlines():
        fields = line.split()
        if fields[1] != "->" and fields[5].rpartition(":")[2] == held:
            return int(fields[4])
    raise AssertionError("no process holds the lock")


async def rest(pieces: AsyncIterator[Piece]) -> str:
    """What is still to come."""
    return "".join([piece.text async for piece in pieces])


async def gone(places: Places) -> bool:
    """Whether no engine answers any more, after some patience."""
    for _ in range(400):
        if await found(places) is None:
            return True
        await asyncio.sleep(0.05)
    return False


async def whole(client: Client) -> str:
    """All of an answer."""
    return "".join([piece.text async for piece in client.chat(ASKED)])


def test_an_engine_that_is_killed_in_mid_answer_is_one_error_and_the_next_request_has_another(
    places: Places, settled: None
) -> None:
    async def killed() -> tuple[str, str, str]:
        reach = Reach(places=places)
        client = await reach.client()
        await ready(places)
        pieces = client.chat(ASKED)
        await anext(pieces)
        before = places.token.read_text()
        os.kill(engine_of(places), signal.SIGKILL)
        with pytest.raises(EngineError) as caught:
            await rest(pieces)
        # The socket's file and the token are left over.
        assert places.socket.exists()
        assert places.token.exists()
        text = await whole(await reach.client())
        await reach.close()
        return str(caught.value), text, before

    message, text, before = asyncio.run(killed())
    assert message == "the engine closed the connection in the middle of the answer: ask again"
    assert text
    assert places.token.read_text() != before


def test_a_window_that_knows_the_old_token_finds_the_new_engine(places: Places, settled: None) -> None:
    async def changed() -> tuple[str, str]:
        reach = Reach(places=places)
        old = await reach.client()
        await ready(places)
        await ended(places)
        await running(places)
        await ready(places)
        with pytest.raises(EngineError) as caught:
            await whole(old)
        text = await whole(await reach.client())
        await reach.close()
        return str(caught.value), text

    message, text = asyncio.run(changed())
    assert "did not accept the key (401" in message
    assert text


def test_an_engine_that_fails_again_and_again_is_not_started_for_ever(
    places: Places, settled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reaching, "STARTS", 2)

    async def failing() -> list[str]:
        reach, messages = Reach(places=places), []
        for _ in range(3):
            try:
                await reach.client()
                os.kill(engine_of(places), signal.SIGKILL)
                assert await gone(places)
                places.token.unlink()
            except EngineError as error:
                messages.append(str(error))
        await reach.close()
        return messages

    (message,) = asyncio.run(failing())
    assert message.startswith("the engine failed 2 times in a short while; its log is ")


def test_ten_processes_at_once_make_one_engine_and_one_copy_of_the_weights(places: Places, pair: Pair) -> None:
    command = [sys.executable, "-c", _WINDOW, *arguments(pair)]
    windows = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(10)]
    keys = {window.communicate()[0].strip() for window in windows}
    assert len(keys) == 1

    async def counted() -> tuple[int, int]:
        await ready(places)
        address = Address.of(places)
        await asyncio.gather(*(told(address) for _ in range(4)))
        client = Client(address)
        loads = (await client.get("/api/metrics"))["since_start"]["loads"]
        await client.close()
        return loads, engine_of(places)

    loads, process = asyncio.run(counted())
    assert loads == 1
    assert places.log.read_text().count("loading") == 1
    assert [each for each in engines(places) if each == process] == engines(places)
    assert asyncio.run(ended(places))


def engines(places: Places) -> list[int]:
    """The processes that are engines of this folder."""
    found_here = []
    for folder in Path("/proc").iterdir():
        try:
            arguments_of = (folder / "cmdline").read_bytes()
            environment = (folder / "environ").read_bytes()
        except OSError:
            continue
        if b"chatbt.enginehost" in arguments_of and f"CHATBT_RUNTIME_DIR={places.runtime}\0".encode() in environment:
            found_here.append(int(folder.name))
    return found_here


def test_two_versions_live_side_by_side(places: Places, pair: Pair) -> None:
    asyncio.run(running(places, arguments(pair)))
    other = subprocess.Popen([sys.executable, "-c", _OTHER_VERSION, *arguments(pair)], stderr=subprocess.DEVNULL)
    try:
        token = places.runtime / "engine-99.0.token"
        while not token.exists():
            assert other.poll() is None
            time.sleep(0.05)
        address = Address("http://engine", token.read_text(), str(token.with_suffix(".sock")), own=True)
        assert asyncio.run(told(address))[0]
        assert asyncio.run(told(Address.of(places)))[0]
    finally:
        other.kill()
        other.wait()
        asyncio.run(ended(places))


def test_a_second_engine_does_not_disturb_the_first(
    places: Places, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(running(places, arguments(pair)))
    code = "import chatbt.enginehost.__main__ as m; m.LEAVING = 0.1; raise SystemExit(m.main())"
    second = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert second.returncode == 2
    assert "running already" in second.stderr
    assert asyncio.run(told(Address.of(places)))[0]
    asyncio.run(ended(places))


def test_where_there_are_no_sockets_a_port_of_this_machine_does(places: Places, pair: Pair) -> None:
    address = asyncio.run(running(places, [*arguments(pair), "--tcp"]))
    assert address.url.startswith("http://127.0.0.1:")
    assert address.socket is None
    assert asyncio.run(told(address))[0]
    asyncio.run(ended(places))


def test_an_engine_that_nobody_asks_ends(places: Places, pair: Pair) -> None:
    asyncio.run(running(places, [*arguments(pair), "--end-after", "3"]))
    assert asyncio.run(gone(places))
