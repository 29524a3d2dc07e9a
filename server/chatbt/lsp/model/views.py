"""How a text that grows is shown, by what the client can do.

Our own clients say that they want `chatbt/answer`. Else a virtual document grows where there are such; else a file is
shown when the text is complete; else the text is a message.
"""

import asyncio
import logging
import re
import time
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol
from urllib.parse import quote

from lsprotocol import types

from chatbt.lsp.client import Json
from chatbt.lsp.model.registering import SCHEME
from chatbt.lsp.session import Session
from chatbt.lsp.showing import is_shown
from chatbt.lsp.uris import to_uri
from chatbt.orchestrator.speaker import Piece

log = logging.getLogger(__name__)

ANSWER = "chatbt/answer"
_PERIOD_S = 0.05
_MOST_DOCUMENTS = 32


@dataclass(frozen=True, slots=True)
class Talk:
    """What is being said: `about` names the document and what else a client may want to know."""

    id: str
    title: str
    about: Json = field(default_factory=dict)


class View(Protocol):
    """Shows a text; only the last piece may be waited for."""

    async def show(self, piece: Piece) -> None: ...


def view_of(session: Session, talk: Talk) -> View:
    """The best that the client can do."""
    if session.client.hears_answers:
        return _Told(session, talk)
    if session.client.virtual_documents and session.client.shows_documents:
        return _Virtual(session, talk)
    return _Kept(session, talk)


class Paced:
    """A view that is not shown more pieces than an eye can follow: the first, the last, and some in between."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._shown = 0.0

    async def show(self, piece: Piece) -> None:
        now = time.monotonic()
        if piece.final or now - self._shown >= _PERIOD_S:
            self._shown = now
            await self._view.show(piece)


def as_told(talk: Talk, piece: Piece) -> Json:
    """A piece as our own clients get it."""
    told: Json = {"id": talk.id, "title": talk.title, **talk.about, "text": piece.text, "final": piece.final}
    if piece.final:
        told |= {"source": piece.source, "note": piece.note}
        told |= {"figures": dict(piece.figures)} if piece.figures is not None else {}
    return told


class _Told:
    def __init__(self, session: Session, talk: Talk) -> None:
        self._session = session
        self._talk = talk

    async def show(self, piece: Piece) -> None:
        self._session.notify(ANSWER, as_told(self._talk, piece))


class _Virtual:
    """A document of our own scheme, which the client asks for again whenever it is told to."""

    def __init__(self, session: Session, talk: Talk) -> None:
        self._session = session
        self._title = talk.title
        self._uri = f"{SCHEME}:/{talk.id}/{quote(_file_name(talk.title))}.md"
        self._asking: set[asyncio.Task[Any]] = set()

    async def show(self, piece: Piece) -> None:
        texts = self._session.features.texts
        is_new = self._uri not in texts
        texts[self._uri] = as_markdown(self._title, piece)
        for uri in list(islice(texts, max(0, len(texts) - _MOST_DOCUMENTS))):
            del texts[uri]
        ask = is_shown(self._session, self._uri, take_focus=False) if is_new else self._refresh()
        task = asyncio.create_task(ask)
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)
        if piece.final:
            await asyncio.wait([*self._asking])

    async def _refresh(self) -> None:
        if self._session.typed is None:
            return
        try:
            params = types.TextDocumentContentRefreshParams(uri=self._uri)
            await self._session.typed.server.workspace_text_document_content_refresh_async(params)
        except Exception as error:
            log.info("the client does not take %s anew: %s", self._uri, error)


class _Kept:
    """The finished text, in a file that the client shows, or in a message."""

    def __init__(self, session: Session, talk: Talk) -> None:
        self._session = session
        self._talk = talk

    async def show(self, piece: Piece) -> None:
        if not piece.final:
            return
        if self._session.client.shows_documents:
            path = self._session.features.folder() / f"{_file_name(self._talk.title)}-{self._talk.id[:6]}.md"
            text = as_markdown(self._talk.title, piece)
            path.write_text(text, encoding="utf-8", errors="replace", newline="\n")
            if await is_shown(self._session, to_uri(path), take_focus=False):
                return
        self._session.show("\n\n".join(part for part in (self._talk.title, piece.text, piece.note) if part), kind=3)


def as_markdown(title: str, piece: Piece) -> str:
    """A text with its title above it, and below it what there is to say of it."""
    rest = [f"*{piece.note}*"] if piece.note else [] if piece.final else ["…"]
    return "\n\n".join([f"# {title}", *([piece.text] if piece.text else []), *rest]) + "\n"


def _file_name(title: str) -> str:
    return re.sub(r"\W+", "-", title).strip("-").lower()[:60] or "answer"
