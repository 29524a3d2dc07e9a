"""A server elsewhere: what it is sent, and one clear error for each way in which it may fail."""

from __future__ import annotations

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from chatbt.engine.client import Address, Client
from chatbt.engine.errors import EngineBusy, EngineError
from chatbt.engine.shapes import ChatRequest, Health, Message, Outcome
from tests.engine.loopback import Answer, reply, serving, stream

ASKED = ChatRequest(messages=[Message("user", "why?")], max_tokens=8, purpose="answer", document="a", timeout=9.0)
DONE = b"data: [DONE]\n\n"


def piece(text: str, **more: Any) -> bytes:
    """An event with a piece of an answer."""
    return b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": text}}], **more}).encode() + b"\n\n"


def asked(answer: Answer, *, model: str = "m", silence: float = 5.0, key: str = "secret-key") -> str:
    """The whole text of an answer."""

    async def whole(url: str) -> str:
        client = Client(Address(url, key, model=model), silence=silence)
        try:
            return "".join([piece.text async for piece in client.chat(ASKED)])
        finally:
            await client.close()

    with serving(answer) as url:
        return asyncio.run(whole(url))


def test_a_server_elsewhere_is_asked_what_is_openais_and_nothing_else() -> None:
    seen: list[tuple[str, str | None, dict[str, Any]]] = []

    def answer(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        seen.append((handler.path, handler.headers["Authorization"], json.loads(body)))
        stream(handler, b": hello\n\n", piece("be"), piece("cause", usage={"completion_tokens": 2}), DONE)

    assert asked(answer) == "because"
    path, key, body = seen[0]
    assert (path, key) == ("/v1/chat/completions", "Bearer secret-key")
    assert body["messages"] == [{"role": "user", "content": "why?"}]
    assert body.keys() == {"model", "messages", "max_tokens", "temperature", "top_p", "stream", "stream_options"}


def test_without_a_name_the_first_model_there_is_asked() -> None:
    seen = []

    def answer(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        if handler.path == "/v1/models":
            reply(handler, 200, b'{"data": [{"id": "theirs"}, {"id": "other"}]}')
        else:
            seen.append(json.loads(body)["model"])
            stream(handler, piece("x"), DONE)

    assert asked(answer, model="") == "x"
    assert seen == ["theirs"]


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, b'{"error": {"message": "bad key"}}', "did not accept the key.*bad key.*CHATBT_ENGINE_KEY"),
        (403, b"go away", "go away"),
        (500, b"<html>oops</html>", r"failed \(500\).*oops"),
        (502, b"", r"failed \(502\)"),
        (404, b'{"detail": "Not Found"}', r"refused \(404\)"),
        (400, b'{"error": "no such model"}', "no such model"),
    ],
)
def test_a_refusal_is_one_clear_error(status: int, body: bytes, expected: str) -> None:
    with pytest.raises(EngineError, match=expected):
        asked(lambda handler, _: reply(handler, status, body))


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("soon", 1.0)])
def test_too_many_requests_carries_the_time_to_wait(header: str, seconds: float) -> None:
    with pytest.raises(EngineBusy, match="slow down") as caught:
        asked(lambda handler, _: reply(handler, 429, b'{"error": {"message": "slow down"}}', Retry_After=header))
    assert caught.value.retry_after == seconds


def test_code_does_not_follow_where_a_server_points() -> None:
    with pytest.raises(EngineError, match="points elsewhere"):
        asked(lambda handler, _: reply(handler, 307, b"", Location="http://127.0.0.1:9/elsewhere"))


@pytest.mark.parametrize(
    "parts",
    [
        (b"data: {not json}\n\n",),
        (b"data: []\n\n",),
        (b"data: 3\n\n",),
        (b'data: {"choices": {"a": 1}}\n\n',),
        (b'data: {"choices": [{"delta": {"content": 3}}]}\n\n',),
        (b"<html><body>a proxy's page</body></html>\n",),
        (b"\xff\xfe\x00\n\n",),
        (piece("so far"), b"data: {\n\n"),
        (b"data: " + b"x" * (2**20 + 2**17),),
    ],
)
def test_what_is_no_answer_is_one_clear_error(parts: tuple[bytes, ...]) -> None:
    with pytest.raises(EngineError, match="sent"):
        asked(lambda handler, _: stream(handler, *parts))


def test_an_error_in_the_stream_is_told() -> None:
    with pytest.raises(EngineError, match="the model broke"):
        asked(lambda handler, _: stream(handler, piece("so"), b'data: {"error": {"message": "the model broke"}}\n\n'))


def test_a_connection_that_closes_in_the_middle_is_told() -> None:
    with pytest.raises(EngineError, match="in the middle"):
        asked(lambda handler, _: stream(handler, piece("so far")))


def test_a_chunk_that_is_cut_off_is_told() -> None:
    def answer(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"ff\r\n" + piece("so far"))
        handler.close_connection = True

    with pytest.raises(EngineError, match="in the middle"):
        asked(answer)


@pytest.mark.parametrize("begun", [False, True])
def test_a_server_that_stalls_is_told(begun: bool) -> None:
    over = threading.Event()

    def answer(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        if begun:
            stream(handler, piece("so far"))
        over.wait(20)

    try:
        with pytest.raises(EngineError, match="does not answer"):
            asked(answer, silence=0.2)
    finally:
        over.set()


def test_a_server_that_is_not_there_is_told() -> None:
    with serving(lambda handler, _: reply(handler, 200, b"")) as url:
        pass

    async def ask() -> None:
        client = Client(Address(url, "", model="m"))
        try:
            await anext(client.chat(ASKED))
        finally:
            await client.close()

    with pytest.raises(EngineError, match=r"cannot be reached.*engine\.url"):
        asyncio.run(ask())


def test_outcomes_are_kept_where_the_server_keeps_none() -> None:
    async def tell() -> Client:
        client = Client(Address("http://127.0.0.1:9", "", model="m"))
        await client.outcome(Outcome("answer", "card", ("names",)))
        await client.outcome(Outcome("answer", "card"))
        return client

    assert asyncio.run(tell()).outcomes == {("answer", "card"): 2}


def test_health_of_a_server_elsewhere_names_it_and_its_model() -> None:
    async def health(url: str) -> Health:
        client = Client(Address(url, ""))
        try:
            return await client.health()
        finally:
            await client.close()

    with serving(lambda handler, _: reply(handler, 200, b'{"data": [{"id": "theirs"}]}')) as url:
        told = asyncio.run(health(url))
    assert (told.state, told.model, told.device) == ("ready", "theirs", url)


def test_health_from_another_version_is_read_as_far_as_it_is_known() -> None:
    told = {"state": "ready", "version": "9", "model": "m", "device": "cpu", "precision": "float32", "policy": "dsde"}
    health = Health.read({**told, "news": 1, "dsde": {"rows": 2, "news": 3}})
    assert (health.version, health.dsde.rows) == ("9", 2)
