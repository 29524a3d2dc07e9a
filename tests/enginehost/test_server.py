"""The engine as a process: what it answers, whom it refuses, and that it is one."""

from __future__ import annotations

import asyncio
import json
import os
import stat
from typing import Any

import httpx2
import pytest

from chatbt.engine.client import Address, Client
from chatbt.engine.errors import EngineBusy, EngineError
from chatbt.engine.launcher import ended, found, running
from chatbt.engine.places import Places
from chatbt.engine.shapes import ChatRequest, Message
from tests.dsde.tiny import Pair
from tests.enginehost.conftest import arguments

pytestmark = pytest.mark.slow

ASKED = ChatRequest(messages=[Message("user", "def add(a, b):")], max_tokens=24)


async def told(address: Address, request: ChatRequest = ASKED) -> tuple[str, dict[str, Any]]:
    """The whole answer, and its figures."""
    client = Client(address)
    try:
        pieces = [piece async for piece in client.chat(request)]
    finally:
        await client.close()
    figures = pieces[-1].figures
    assert figures is not None
    return "".join(piece.text for piece in pieces), figures


def sent(address: Address, method: str, path: str, **more: Any) -> httpx2.Response:
    """One request as any program would send it."""
    headers = {"Authorization": f"Bearer {address.key}"} | more.pop("headers", {})
    with httpx2.Client(transport=httpx2.HTTPTransport(uds=address.socket), base_url=address.url) as http:
        return http.request(method, path, headers=headers, **more)


def test_an_answer_comes_with_its_figures(engine: Address) -> None:
    text, figures = asyncio.run(told(engine))
    assert text
    assert figures["completion_tokens"] == 24
    assert figures["rounds"] <= 24


def test_windows_that_ask_at_once_get_the_same_as_alone(engine: Address) -> None:
    async def together() -> list[tuple[str, dict[str, Any]]]:
        return await asyncio.gather(*(told(engine) for _ in range(6)))

    alone = asyncio.run(told(engine))[0]
    assert {text for text, _ in asyncio.run(together())} == {alone}


def test_windows_that_open_at_once_start_one_engine(places: Places, pair: Pair) -> None:
    async def opened() -> list[Address]:
        return await asyncio.gather(*(running(places, arguments(pair)) for _ in range(10)))

    try:
        addresses = asyncio.run(opened())
        assert len(set(addresses)) == 1
        assert places.log.read_text().count("already") == 0
    finally:
        assert asyncio.run(ended(places))


def test_an_engine_that_is_ended_is_gone(places: Places, pair: Pair) -> None:
    async def gone() -> bool:
        await running(places, arguments(pair))
        await ended(places)
        return await found(places) is None

    assert asyncio.run(gone())


def test_the_socket_and_the_token_are_for_their_user_alone(home: Places) -> None:
    for path in (home.socket, home.token):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert home.runtime.stat().st_uid == os.getuid()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": ""}, 401),
        ({"Host": "evil.example"}, 403),
        ({"Origin": "https://evil.example"}, 403),
    ],
)
def test_who_has_no_business_here_is_refused(engine: Address, headers: dict[str, str], status: int) -> None:
    response = sent(engine, "GET", "/health", headers=headers)
    assert response.status_code == status
    assert response.json()["error"]["message"]


def test_somebody_is_there_without_a_token(engine: Address) -> None:
    assert sent(engine, "GET", "/live", headers={"Authorization": ""}).json() == {"live": True}


def test_a_body_that_is_too_large_is_refused(engine: Address) -> None:
    assert sent(engine, "POST", "/v1/completions", content=b" " * (3 * 2**20)).status_code == 413


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"prompt": 3}', b'{"prompt": "a", "max_tokens": "many"}'])
def test_a_body_that_is_no_request_is_refused(engine: Address, body: bytes) -> None:
    assert sent(engine, "POST", "/v1/completions", content=body).status_code == 422


@pytest.mark.parametrize(
    "wrong", [{"prompt": ""}, {"temperature": -1}, {"top_p": 0}, {"max_tokens": -3}, {"prompt": "a" * 5000}]
)
def test_a_request_that_cannot_be_served_says_why(engine: Address, wrong: dict[str, Any]) -> None:
    response = sent(engine, "POST", "/v1/completions", json={"prompt": "import os", "max_tokens": 4} | wrong)
    assert response.status_code == 400
    assert response.json()["error"]["message"]


def test_a_completion_in_one_piece_is_as_openai_has_it(engine: Address) -> None:
    whole = sent(engine, "POST", "/v1/completions", json={"prompt": "import os", "max_tokens": 5}).json()
    assert whole["object"] == "text_completion"
    assert whole["choices"][0]["finish_reason"] in {"length", "stop"}
    assert whole["usage"]["completion_tokens"] <= 5


def test_an_answer_that_nobody_waits_for_is_given_up(engine: Address) -> None:
    async def left() -> int:
        client = Client(engine)
        async for _ in client.chat(ChatRequest(messages=[Message("user", "x = 1")], max_tokens=400)):
            break
        await client.close()
        other = Client(engine)
        try:
            for _ in range(200):
                health = await other.health()
                if health.running == 0:
                    return health.running
                await asyncio.sleep(0.01)
            return health.running
        finally:
            await other.close()

    assert asyncio.run(left()) == 0


def test_a_session_that_asks_too_often_is_told_when_to_come_back(engine: Address) -> None:
    refused = None
    for _ in range(200):
        response = sent(engine, "POST", "/v1/completions", json={"prompt": ""}, headers={"X-ChatBT-Session": "one"})
        if response.status_code == 429:
            refused = response
            break
    assert refused is not None
    assert int(refused.headers["retry-after"]) >= 1
    other = sent(engine, "POST", "/v1/completions", json={"prompt": ""}, headers={"X-ChatBT-Session": "two"})
    assert other.status_code == 400


def test_without_an_engine_the_message_says_how_to_start_one(places: Places) -> None:
    with pytest.raises(EngineError, match="chatbt engine start"):
        Address.of(places)


def test_an_engine_that_does_not_come_up_points_to_its_log(places: Places) -> None:
    with pytest.raises(EngineError, match=str(places.log)):
        asyncio.run(running(places, ["--no-such-option"]))


def test_the_description_of_the_api_is_generated(engine: Address) -> None:
    described = json.loads(sent(engine, "GET", "/openapi.json").text)
    assert {"/v1/models", "/v1/completions", "/v1/chat/completions", "/health", "/live"} <= described["paths"].keys()


def test_busy_carries_the_time_to_wait() -> None:
    assert EngineBusy("the queue is full", 2.0).retry_after == 2.0
