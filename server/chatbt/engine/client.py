"""Talking to an engine: ours by its socket, or any server that speaks OpenAI's API by its address."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chatbt.engine.errors import EngineBusy, EngineError
from chatbt.engine.places import Places
from chatbt.engine.shapes import ChatRequest, Health, Outcome

if TYPE_CHECKING:
    import httpx2

CONNECT, SILENCE = 5.0, 120.0
"""Seconds to wait for a connection, and for the next piece of an answer."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an engine listens: a URL, and a socket where it is our own. `key` is its token, or the server's key."""

    url: str
    key: str
    socket: str | None = None

    @classmethod
    def of(cls, places: Places) -> Address:
        """Our own engine's. Raises `EngineError` where there is none."""
        try:
            token = places.token.read_text("ascii").strip()
        except OSError as error:
            raise EngineError("no engine is running: `chatbt engine start` starts one") from error
        return cls("http://engine", token, str(places.socket))


@dataclass(frozen=True, slots=True)
class Piece:
    """Text as it comes; the last piece has the figures of the whole, as the server tells them."""

    text: str
    finish: str | None = None
    figures: dict[str, Any] | None = None


class Client:
    """One client for one event loop. Leaving an answer early ends it at the engine."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._session = uuid4().hex
        self._http: httpx2.AsyncClient | None = None

    async def health(self) -> Health:
        """How our own engine is."""
        async with self._sent("GET", "/health") as response:
            return Health(**json.loads(await response.aread()))

    async def stop(self) -> None:
        """End our own engine."""
        async with self._sent("POST", "/api/stop") as response:
            await response.aread()

    async def outcome(self, told: Outcome) -> None:
        """Count what became of a generated text. Never raises: it is a figure, not an answer."""
        with suppress(EngineError):
            async with self._sent("POST", "/api/outcomes", asdict(told)) as response:
                await response.aread()

    async def chat(self, request: ChatRequest) -> AsyncIterator[Piece]:
        """The answer to a conversation, piece by piece."""
        body = {name: value for name, value in asdict(request).items() if value not in (None, "")}
        body |= {"stream": True, "stream_options": {"include_usage": True}}
        async with self._sent("POST", "/v1/chat/completions", body) as response:
            async for line in response.aiter_lines():
                if not line.startswith("data:"):
                    continue
                data = line[5:].strip()
                if data == "[DONE]":
                    return
                piece = _piece(data)
                if piece is not None:
                    yield piece
        raise EngineError("the engine closed the connection in the middle of the answer")

    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.aclose()

    @asynccontextmanager
    async def _sent(self, method: str, path: str, body: dict[str, Any] | None = None) -> AsyncIterator[httpx2.Response]:
        import httpx2

        if self._http is None:
            transport = httpx2.AsyncHTTPTransport(uds=self._address.socket) if self._address.socket else None
            timeout = httpx2.Timeout(SILENCE, connect=CONNECT)
            self._http = httpx2.AsyncClient(transport=transport, base_url=self._address.url, timeout=timeout)
        headers = {"Authorization": f"Bearer {self._address.key}"} if self._address.key else {}
        if self._address.socket:
            headers["X-ChatBT-Session"] = self._session
        try:
            async with self._http.stream(method, path, json=body, headers=headers) as response:
                if response.status_code != 200:
                    await _refused(response)
                yield response
        except httpx2.TimeoutException as error:
            raise EngineError("the engine does not answer: `chatbt engine status` says how it is") from error
        except httpx2.HTTPError as error:
            raise EngineError(f"the engine cannot be reached ({error}): `chatbt engine start` starts one") from error


async def _refused(response: httpx2.Response) -> None:
    """Raise what the engine says of a request that it did not take."""
    text = (await response.aread()).decode("utf-8", "replace")
    try:
        message = json.loads(text)["error"]["message"]
    except (ValueError, KeyError, TypeError):
        message = text[:200] or f"status {response.status_code}"
    if response.status_code == 429:
        after = response.headers.get("retry-after", "1")
        raise EngineBusy(message, float(after) if after.isdigit() else 1.0)
    raise EngineError(f"the engine refused: {message}")


def _piece(data: str) -> Piece | None:
    try:
        told = json.loads(data)
        if error := told.get("error"):
            raise EngineError(str(error.get("message", error)))
        choices = told.get("choices") or [{}]
        text = (choices[0].get("delta") or {}).get("content") or ""
        piece = Piece(text, choices[0].get("finish_reason"), told.get("chatbt") or told.get("usage"))
    except (ValueError, AttributeError, TypeError) as error:
        raise EngineError(f"the engine sent what is no answer: {data[:80]}") from error
    return piece if piece.text or piece.finish or piece.figures else None
