"""Has the model say something in a command: shown as it grows, with progress, and stopped when nobody wants it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

from chatbt.lsp.client import Json
from chatbt.lsp.documents import Open
from chatbt.lsp.errors import CONTENT_MODIFIED, INVALID_PARAMS, RefusedError
from chatbt.lsp.model.views import Paced, Talk, as_told, view_of
from chatbt.lsp.progress import Progress
from chatbt.lsp.session import Session
from chatbt.orchestrator.speaker import Piece, Speaker
from chatbt.source.document import Range

STOPPED = "Stopped."
_LONGEST = 80

Pieces = Callable[[Speaker], AsyncGenerator[Piece, None]]


async def say(session: Session, token: Any, title: str, pieces: Pieces, **about: Any) -> Json:
    """Show what the speaker says until the last piece, which is the command's result as well.

    Cancelling the request or its progress leaves the answer, which ends it at the engine. Progress that is stopped is
    a result like another: what there was of the text, and that it was stopped. `token` is told with every piece, so
    that a client knows what it asked for.
    """
    speaker = await session.features.speaker()
    talk = Talk(uuid4().hex, title, about if token is None else {**about, "token": token})
    view = Paced(view_of(session, talk))
    last = Piece("")
    async with at_work(session, token, title) as (progress, stopping):
        try:
            async with aclosing(pieces(speaker)) as growing:
                async for last in growing:
                    await view.show(last)
                    progress.say(tail(last.text))
        except asyncio.CancelledError:
            last = replace(last, final=True, note=STOPPED)
            if session.client.hears_answers or session.client.virtual_documents:
                await view.show(last)
            if not stopping.stopped:
                raise
    return as_told(talk, last)


@asynccontextmanager
async def at_work(session: Session, token: Any, title: str) -> AsyncIterator[tuple[Progress, "Stopping"]]:
    """As long as the current task wants something of the engine: with progress, and a way to stop it."""
    stopping = Stopping()
    with session.features.work():
        async with Progress(session, token, title, stopping.stop) as progress:
            yield progress, stopping


class Stopping:
    """Stops the task that makes it, as the user wishes."""

    def __init__(self) -> None:
        self.stopped = False
        self._task = asyncio.current_task()

    def stop(self) -> None:
        self.stopped = True
        if self._task is not None:
            self._task.cancel()


def text_at(session: Session, uri: str) -> Open:
    """The open text. RefusedError if there is none."""
    text = session.documents.get(uri)
    if text is None:
        raise RefusedError(CONTENT_MODIFIED, f"{uri} is not open")
    return text


def place_in(text: Open, uri: str, place: Any) -> Range:
    """The stretch that a client's range means. RefusedError if it is none, or there is nothing at it."""
    match place:
        case {"start": {"line": int(), "character": int()}, "end": {"line": int(), "character": int()}}:
            stretch = text.from_client(uri, place)
        case _:
            raise RefusedError(INVALID_PARAMS, "a position has a line and a character, a range a start and an end")
    if stretch is None:
        raise RefusedError(CONTENT_MODIFIED, f"there is nothing at this place of {uri}")
    return stretch


def tail(text: str) -> str:
    """The end of what has been said, on one line."""
    line = " ".join(text[-2 * _LONGEST :].split())
    return line if len(line) <= _LONGEST else f"…{line[-_LONGEST:]}"
