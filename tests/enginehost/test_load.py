"""What happens when much is asked at once: who waits, who is turned away, and how soon a slot is free again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest

from chatbt.engine.client import Address, Client
from chatbt.engine.errors import EngineBusy, EngineError
from chatbt.engine.shapes import ChatRequest, Message
from tests.dsde.tiny import Pair
from tests.enginehost.conftest import arguments, served

pytestmark = pytest.mark.slow

LONG = 400


def request(tokens: int = LONG, **more: Any) -> ChatRequest:
    """A conversation that goes on for some time."""
    return ChatRequest(messages=[Message("user", "x = 1")], max_tokens=tokens, **more)


@asynccontextmanager
async def client(address: Address) -> AsyncIterator[Client]:
    """A window of its own."""
    made = Client(address)
    try:
        yield made
    finally:
        await made.close()


async def whole(address: Address, asked: ChatRequest) -> str:
    """What becomes of a request: how it finished."""
    async with client(address) as own:
        pieces = [piece async for piece in own.chat(asked)]
    return pieces[-1].finish or ""


async def metrics(address: Address) -> dict[str, Any]:
    """The figures."""
    async with client(address) as own:
        told: dict[str, Any] = await own.get("/api/metrics")
    return told


async def settled(address: Address, right: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The figures as soon as they are as they should be."""
    for _ in range(400):
        told = await metrics(address)
        if right(told):
            return told
        await asyncio.sleep(0.02)
    raise AssertionError(told)


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory, pair: Pair) -> Iterator[Address]:
    """An engine with one slot, and room for six requests."""
    options = [*arguments(pair), "--slots", "1", "--queue", "6"]
    with served(tmp_path_factory.mktemp("narrow"), options) as places:
        yield Address.of(places)


@pytest.mark.parametrize("streamed", [True, False])
def test_a_client_that_leaves_frees_its_slot_within_one_round(narrow: Address, streamed: bool) -> None:
    async def leave() -> tuple[dict[str, Any], dict[str, Any]]:
        before = (await metrics(narrow))["since_start"]["cancelled"]
        async with client(narrow) as own:
            if streamed:
                pieces = own.chat(request())
                await anext(pieces)
                await pieces.aclose()
            else:
                body = {"prompt": "x = 1", "max_tokens": LONG}
                transport = httpx2.AsyncHTTPTransport(uds=narrow.socket)
                async with httpx2.AsyncClient(transport=transport, base_url=narrow.url) as http:
                    key = {"Authorization": f"Bearer {narrow.key}"}
                    task = asyncio.create_task(http.post("/v1/completions", json=body, headers=key))
                    await settled(narrow, lambda told: told["now"]["running"] == 1)
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task
        after = await settled(narrow, lambda told: told["since_start"]["cancelled"]["count"] == before["count"] + 1)
        return before, after["since_start"]["cancelled"]

    before, after = asyncio.run(leave())
    assert after["count"] == before["count"] + 1
    assert after["most_rounds_until_free"] <= 1


def test_a_client_that_leaves_while_it_waits_is_never_decoded(narrow: Address) -> None:
    async def leave() -> tuple[int, int]:
        before = (await metrics(narrow))["since_start"]["tokens"]
        others = [asyncio.create_task(whole(narrow, request(200))) for _ in range(5)]
        await settled(narrow, lambda told: told["now"]["waiting"] >= 1)
        waiting = asyncio.create_task(whole(narrow, request()))
        await asyncio.sleep(0.1)
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting
        assert await asyncio.gather(*others) == ["length"] * 5
        told = await settled(narrow, lambda told: told["now"]["running"] + told["now"]["waiting"] == 0)
        return before, told["since_start"]["tokens"]

    before, after = asyncio.run(leave())
    assert after == before + 5 * 200


def test_a_newer_request_for_the_same_document_takes_the_place_of_the_older(narrow: Address) -> None:
    async def asked() -> tuple[str, str, dict[str, Any]]:
        async with client(narrow) as own:
            older = own.chat(request(document="file:///a.py", purpose="explanation"))
            await anext(older)

            async def rest() -> str:
                return "".join([piece.text async for piece in older])

            old = asyncio.create_task(rest())
            other = asyncio.create_task(whole(narrow, request(4, document="file:///a.py", purpose="explanation")))
            newer = [p async for p in own.chat(request(4, document="file:///a.py", purpose="explanation"))]
            with pytest.raises(EngineError, match="newer request") as caught:
                await old
            assert await other == "length"  # another session's is left alone
        return newer[-1].finish or "", str(caught.value), (await metrics(narrow))["since_start"]

    finish, _, since = asyncio.run(asked())
    assert finish == "length"
    assert since["superseded"] == 1


def test_a_full_queue_turns_away_with_a_time_to_come_back(narrow: Address) -> None:
    async def crowd() -> list[str | BaseException]:
        return await asyncio.gather(*(whole(narrow, request(12)) for _ in range(12)), return_exceptions=True)

    ends = asyncio.run(crowd())
    turned = [end for end in ends if isinstance(end, EngineBusy)]
    assert len(turned) == 6
    assert all(end.retry_after >= 1 for end in turned)
    assert [end for end in ends if isinstance(end, str)] == ["length"] * 6


async def given_up(tasks: list[asyncio.Task[str]]) -> list[str | BaseException]:
    """What has become of requests when those that still run are cancelled."""
    for task in tasks:
        task.cancel()
    return await asyncio.gather(*tasks, return_exceptions=True)


def test_an_urgent_request_takes_the_place_of_one_in_the_background(narrow: Address) -> None:
    async def crowd() -> tuple[str, list[str | BaseException]]:
        background = [asyncio.create_task(whole(narrow, request(priority=10))) for _ in range(6)]
        await settled(narrow, lambda told: told["now"]["waiting"] + told["now"]["running"] == 6)
        urgent = await whole(narrow, request(4, priority=0))
        return urgent, await given_up(background)

    urgent, background = asyncio.run(crowd())
    assert urgent == "length"
    assert [type(end) for end in background].count(EngineBusy) == 1


def test_one_session_does_not_fill_the_queue(narrow: Address) -> None:
    async def crowd() -> tuple[list[str | BaseException], str]:
        before = (await metrics(narrow))["since_start"]["turned_away"]
        async with client(narrow) as greedy:

            async def ask() -> str:
                return "".join([piece.text async for piece in greedy.chat(request(priority=10))])

            many = [asyncio.create_task(ask()) for _ in range(6)]
            await settled(narrow, lambda told: told["since_start"]["turned_away"] == before + 3)
            other = await whole(narrow, request(4))
            return await given_up(many), other

    many, other = asyncio.run(crowd())
    assert other == "length"
    assert sum(isinstance(end, EngineBusy) for end in many) == 3


def test_a_deadline_ends_an_answer(narrow: Address) -> None:
    assert asyncio.run(whole(narrow, request(timeout=0.05))) == "deadline"


@pytest.mark.parametrize(
    "wrong",
    [
        {"priority": -1000},
        {"timeout": 0},
        {"timeout": 1e9},
        {"document": "d" * 201},
        {"user": "u" * 201},
        {"stop": ["s"] * 17},
        {"stop": "s" * 501},
    ],
)
def test_what_is_out_of_its_bounds_is_refused(narrow: Address, wrong: dict[str, Any]) -> None:
    async def asked() -> httpx2.Response:
        transport = httpx2.AsyncHTTPTransport(uds=narrow.socket)
        async with httpx2.AsyncClient(transport=transport, base_url=narrow.url) as http:
            key = {"Authorization": f"Bearer {narrow.key}"}
            return await http.post("/v1/completions", json={"prompt": "x", "max_tokens": 1} | wrong, headers=key)

    response = asyncio.run(asked())
    assert response.status_code == 400
    assert json.loads(response.text)["error"]["message"]


def test_the_log_says_nothing_of_all_this(narrow: Address) -> None:
    log = Path(narrow.socket or "").parent / "log" / "engine.log"
    assert "Traceback" not in log.read_text()
