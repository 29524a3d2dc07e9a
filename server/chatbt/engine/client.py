"""Talking to an engine: ours by its socket, or any server that speaks OpenAI's API by its address."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chatbt.engine.errors import EngineBusy, EngineError
from chatbt.engine.places import Places
from chatbt.engine.shapes import ChatRequest, Health, Outcome
from chatbt.engine.stream import StreamError, events

if TYPE_CHECKING:
    import httpx2

CONNECT, SILENCE, LONGEST = 5.0, 120.0, 600.0
"""Seconds to wait for a connection, for the next piece of an answer, and for all of it."""
_OWN = frozenset({"priority", "timeout", "purpose", "document", "user"})
"""What only our own engine is asked."""
_COMMON = {"top_k": 0, "min_p": 0.0, "repetition_penalty": 1.0}
"""Not OpenAI's, and sent elsewhere only where they are not these."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an engine listens: a URL, and a socket where it is our own. `key` is its token, or the server's key."""

    url: str
    key: str
    socket: str | None = None
    own: bool = False
    """Whether it is an engine of ours, with all its routes."""
    model: str = ""
    """The model's name there; by default the first that the server has."""

    @classmethod
    def of(cls, places: Places) -> Address:
        """Our own engine's. Raises `EngineError` where there is none."""
        try:
            token = places.token.read_text("ascii").strip()
            port = places.port.read_text("ascii").strip() if places.port.exists() else ""
        except OSError as error:
            raise EngineError("no engine is running: `chatbt engine start` starts one") from error
        if port:
            return cls(f"http://127.0.0.1:{port}", token, own=True)
        return cls("http://engine", token, str(places.socket), own=True)

    @property
    def name(self) -> str:
        """What messages call it."""
        return "the engine" if self.own else self.url


@dataclass(frozen=True, slots=True)
class Piece:
    """Text as it comes; the last piece has the figures of the whole, as the server tells them."""

    text: str
    finish: str | None = None
    figures: dict[str, Any] | None = None


class Client:
    """One client for one event loop. Leaving an answer early ends it at the engine."""

    def __init__(self, address: Address, *, silence: float = SILENCE) -> None:
        self._address = address
        self._silence = silence
        self._session = uuid4().hex
        self._http: httpx2.AsyncClient | None = None
        self._model = address.model
        self.lost = False
        """Whether the engine was not to be reached, or knew the token no more: another client is needed."""
        self.outcomes: Counter[tuple[str, str]] = Counter()
        """Of checks on what a server elsewhere wrote, by purpose and outcome: it keeps none."""

    @property
    def name(self) -> str:
        """What messages call the engine."""
        return self._address.name

    async def health(self) -> Health:
        """How the engine is; of a server elsewhere, whether it answers and with which model."""
        if self._address.own:
            return Health.read(await self.get("/health"))
        model = await self._named()
        return Health(state="ready", version="", model=model, device=self._address.url, precision="", policy="")

    async def stop(self) -> None:
        """End our own engine."""
        await self.post("/api/stop", {})

    async def outcome(self, told: Outcome) -> None:
        """Count what became of a generated text. Never raises: it is a figure, not an answer."""
        if not self._address.own:
            self.outcomes[told.purpose, told.outcome] += 1
            return
        try:
            await self.post("/api/outcomes", asdict(told))
        except EngineError:
            return

    async def get(self, path: str) -> Any:
        """What a route of our own engine has to say."""
        async with self._sent("GET", path) as response:
            return _parsed(await response.aread(), self.name)

    async def post(self, path: str, body: Any) -> Any:
        """The same with something said."""
        async with self._sent("POST", path, body) as response:
            return _parsed(await response.aread(), self.name)

    async def delete(self, path: str) -> Any:
        """Have something taken back."""
        async with self._sent("DELETE", path) as response:
            return _parsed(await response.aread(), self.name)

    async def figures(self, seconds: float = 1.0) -> AsyncGenerator[tuple[str, Any], None]:
        """What our own engine tells of itself, every so many seconds: the kind of each event, and what it says."""
        async with self._sent("GET", f"/api/events?seconds={seconds}") as response:
            try:
                async for kind, data in events(response.aiter_bytes()):
                    yield kind, _parsed(data.encode(), self.name)
            except StreamError as error:
                raise EngineError(f"{self.name} sent {error}") from error

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Piece, None]:
        """The answer to a conversation, piece by piece."""
        body = await self._body(request)
        until = time.monotonic() + (request.timeout or LONGEST) + self._silence
        async with (
            self._sent("POST", "/v1/chat/completions", body) as response,
            aclosing(events(response.aiter_bytes())) as told,
        ):
            try:
                async for _kind, data in told:
                    if data == "[DONE]":
                        return
                    if time.monotonic() > until:
                        raise EngineError(f"{self.name} did not come to an end with its answer")
                    piece = _piece(data, self.name)
                    if piece is not None:
                        yield piece
            except StreamError as error:
                raise EngineError(f"{self.name} sent {error}") from error
        self.lost = self._address.own
        raise self._cut_off()

    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.aclose()

    async def _body(self, request: ChatRequest) -> dict[str, Any]:
        body = {name: value for name, value in asdict(request).items() if value not in (None, "")}
        if not self._address.own:
            plain = {name for name, value in _COMMON.items() if body.get(name) == value}
            body = {name: value for name, value in body.items() if name not in _OWN | plain}
            body["model"] = await self._named()
        return body | {"stream": True, "stream_options": {"include_usage": True}}

    async def _named(self) -> str:
        """The model that a server elsewhere is asked for."""
        if not self._model:
            told = await self.get("/v1/models")
            try:
                self._model = str(told["data"][0]["id"])
            except (LookupError, TypeError) as error:
                raise EngineError(f"{self.name} names no model: set engine.model in your settings") from error
        return self._model

    def _opened(self) -> httpx2.AsyncClient:
        import httpx2

        if self._http is None:
            own = self._address.own
            transport = httpx2.AsyncHTTPTransport(uds=self._address.socket) if self._address.socket else None
            timeout = httpx2.Timeout(self._silence, connect=min(CONNECT, self._silence))
            # Where it points elsewhere code does not follow it; what is on this machine is asked through no proxy.
            self._http = httpx2.AsyncClient(
                transport=transport,
                base_url=self._address.url,
                timeout=timeout,
                follow_redirects=False,
                trust_env=not own,
            )
        return self._http

    @asynccontextmanager
    async def _sent(self, method: str, path: str, body: Any = None) -> AsyncIterator[httpx2.Response]:
        import httpx2

        headers = {"Authorization": f"Bearer {self._address.key}"} if self._address.key else {}
        if self._address.own:
            headers["X-ChatBT-Session"] = self._session
        begun = False
        try:
            async with self._opened().stream(method, path, json=body, headers=headers) as response:
                if response.status_code != 200:
                    raise await self._refused(response)
                begun = True
                yield response
        except httpx2.TimeoutException as error:
            raise EngineError(f"{self.name} does not answer{self._how()}") from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            self.lost = self._address.own
            if begun:
                raise self._cut_off() from error
            hint = ": `chatbt engine start` starts one" if self._address.own else ": is engine.url right?"
            raise EngineError(f"{self.name} cannot be reached ({error}){hint}") from error

    def _cut_off(self) -> EngineError:
        return EngineError(f"{self.name} closed the connection in the middle of the answer: ask again")

    def _how(self) -> str:
        return ": `chatbt engine status` says how it is" if self._address.own else f" for {self._silence:g} seconds"

    async def _refused(self, response: httpx2.Response) -> EngineError:
        """What the engine says of a request that it did not take."""
        status = response.status_code
        text = (await response.aread())[:4096].decode("utf-8", "replace")
        try:
            message = str(json.loads(text)["error"]["message"])[:300]
        except (ValueError, LookupError, TypeError):
            message = text.strip()[:200] or f"status {status}"
        if status == 429:
            after = response.headers.get("retry-after", "1")
            return EngineBusy(f"{self.name} is busy: {message}", float(after) if after.isdecimal() else 1.0)
        if status in (401, 403):
            self.lost = self._address.own
            hint = "ask again: it was started anew" if self._address.own else "set CHATBT_ENGINE_KEY"
            return EngineError(f"{self.name} did not accept the key ({status}: {message}): {hint}")
        if 300 <= status < 400:
            return EngineError(f"{self.name} points elsewhere ({status}): put the address itself into engine.url")
        if status >= 500:
            return EngineError(f"{self.name} failed ({status}): {message}")
        return EngineError(f"{self.name} refused ({status}): {message}")


def _parsed(data: bytes, name: str) -> Any:
    try:
        return json.loads(data)
    except ValueError as error:
        raise EngineError(f"{name} sent what is no answer: {data[:80].decode('utf-8', 'replace')}") from error


def _piece(data: str, name: str) -> Piece | None:
    try:
        told = json.loads(data)
        if error := told.get("error"):
            raise EngineError(str(error.get("message", error) if isinstance(error, dict) else error)[:300])
        choices = told.get("choices") or [{}]
        text = (choices[0].get("delta") or {}).get("content") or ""
        if not isinstance(text, str):
            raise TypeError
        piece = Piece(text, choices[0].get("finish_reason"), told.get("chatbt") or told.get("usage"))
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        raise EngineError(f"{name} sent what is no answer: {data[:80]}") from error
    return piece if piece.text or piece.finish or piece.figures else None
