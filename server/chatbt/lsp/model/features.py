"""The model's part in one window: whether there is one, the way to the engine, and what it has said."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from chatbt.engine.errors import EngineError
from chatbt.lsp.documents import Open
from chatbt.lsp.errors import REQUEST_FAILED, RefusedError
from chatbt.lsp.model.prefetching import Prefetching
from chatbt.lsp.model.status import Status
from chatbt.lsp.turns import short_turns
from chatbt.workspace.findings import Problem

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

    from chatbt.engine.client import Client
    from chatbt.engine.reach import Reach
    from chatbt.engine.settings import Settings
    from chatbt.lsp.session import Session
    from chatbt.orchestrator.speaker import Speaker

_PATIENCE_S = 5.0
_TALKING = ("httpx2", "chatbt.engine.reach", "chatbt.orchestrator.speaker")


class Features:
    """Off until the settings are known. What talks to an engine is loaded when the first text is asked for."""

    def __init__(self, session: "Session") -> None:
        self.status = Status(session)
        self.prefetches = False
        self.is_registered = False
        self.prefetching = Prefetching(session)
        self.texts: dict[str, str] = {}
        """The virtual documents, by their URIs."""
        self._folder: TemporaryDirectory[str] | None = None
        self._session = session
        self._settings: Callable[[], Settings] | None = None
        self._why_off = "the settings are not known yet"
        self._known = asyncio.Event()
        self._said: set[str] = set()
        self._reach: Reach | None = None
        self._speaker: Speaker | None = None
        self._loading = asyncio.Lock()
        self._working: set[asyncio.Task[object]] = set()

    @property
    def is_on(self) -> bool:
        return not self._why_off

    async def must_be_on(self) -> None:
        """RefusedError if there are no model features. Waits a little for settings that are still on their way."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._known.wait(), _PATIENCE_S)
        if self._why_off:
            raise RefusedError(REQUEST_FAILED, f"model features are off: {self._why_off}")

    def configure(self, settings: "Callable[[], Settings]") -> None:
        """Let these settings hold; they are read again before every request."""
        self._settings = settings
        self._known.set()
        now = settings()
        for message in now.messages:
            if message not in self._said:
                self._said.add(message)
                self._session.show(message)
        self.prefetches = now.enabled and now.prefetch
        self._why_off = "" if now.enabled else now.why_off
        if not now.enabled:
            self.stop()
            self.status.off(now.why_off)
        elif now.remote:
            self.status.tell("ready", now.destination or f"explanations come from {now.url}")
        elif self.status.state in ("", "off"):
            self.status.asleep()

    # ---- the way to the engine

    async def speaker(self) -> "Speaker":
        """Who speaks with the engine; nothing is started yet. RefusedError if it is switched off."""
        await self.must_be_on()
        async with self._loading:
            if self._speaker is None:
                await asyncio.to_thread(_load)
                from chatbt.orchestrator.speaker import Speaker

                self._speaker = Speaker(self._client)
        return self._speaker

    def ready(self, text: Open, problem: Problem) -> str:
        """What there is to read of a finding's explanation now. Nothing is loaded or asked for it."""
        if self._speaker is None or not self.is_on:
            return ""
        from chatbt.orchestrator.grounding.ground import Subject

        piece = self._speaker.ready(Subject(text.checker, problem))
        return piece.text if piece is not None and piece.source == "model" else ""

    async def running(self) -> "Client | None":
        """The engine if it is running already and is our own; None if not, or if it is off."""
        settings = self._settings() if self.is_on and self._settings else None
        if settings is None or settings.remote:
            return None
        await self.speaker()
        return await self._way().running()

    @contextmanager
    def work(self) -> Iterator[None]:
        """As long as the current task wants something of the engine: it is watched, and cancelled if switched off."""
        task = asyncio.current_task()
        assert task is not None
        self._working.add(task)
        try:
            yield
        finally:
            self._working.discard(task)

    async def _client(self) -> "Client":
        way = self._way()
        if self.status.state in ("asleep", "degraded", "rules"):
            self.status.tell("loading", "starting the engine")
        try:
            client = await way.client()
        except EngineError as error:
            self.status.failed(str(error))
            raise
        if self._settings and not self._settings().remote:
            self.status.watch(client, lambda: bool(self._working))
        return client

    def _way(self) -> "Reach":
        from chatbt.engine.reach import Reach

        if self._reach is None:
            assert self._settings is not None
            self._reach = Reach(self._settings)
        return self._reach

    def stop(self) -> None:
        """Want nothing more of the engine."""
        self.status.stop()
        self.prefetching.stop()
        for task in self._working:
            task.cancel()

    # ---- what is kept

    def folder(self) -> Path:
        """A folder for texts that only its user can open; it goes with the window."""
        if self._folder is None:
            import tempfile

            self._folder = tempfile.TemporaryDirectory(prefix="chatbt-", ignore_cleanup_errors=True)
        return Path(self._folder.name)

    def close(self) -> None:
        """The window is gone."""
        self.stop()
        if self._speaker is not None:
            self._speaker.close()
        if self._folder is not None:
            self._folder.cleanup()


def _load() -> None:
    with short_turns():
        for name in _TALKING:
            import_module(name)
