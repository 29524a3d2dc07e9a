"""The orchestrator's grounded answer, for clients that are no editors."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, StreamingResponse

from chatbt.enginehost.answers import error

if TYPE_CHECKING:
    from chatbt.engine.client import Client
    from chatbt.orchestrator.speaker import Piece, Speaker
    from chatbt.workspace.checker import Checker

router = APIRouter()
LONGEST_QUESTION, LONGEST_CODE, LONGEST_NAME = 4_000, 200_000, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, and the code that it is about; `line` is the line of it (from 1) that is meant, 0 for none.

    Questions of one `conversation` may go on from each other.
    """

    question: str
    code: str = ""
    line: int = 0
    conversation: str = ""
    stream: bool = False


@router.post("/api/chat", response_model=None)
async def chat(request: Request, body: Question) -> StreamingResponse | JSONResponse:
    """Answer a question: text, whether it is the model's or a card's, a note, and the figures of decoding it."""
    if wrong := _wrong(body):
        return error(400, wrong)
    # The host reads no code of a user's before it is asked: the patterns are loaded with the first question.
    from chatbt.source.document import Range

    checker = _checker(body.code) if body.code else None
    place = Range.of(body.line, 0, body.line, 1 << 20) if checker is not None and body.line else None
    pieces = _speaker(request).answer(body.question, checker, place, conversation=body.conversation or None)
    if body.stream:
        return StreamingResponse(_streamed(pieces), media_type="text/event-stream")
    async with aclosing(pieces):
        async for piece in pieces:
            if piece.final:
                return JSONResponse(_plain(piece))
            if await request.is_disconnected():
                return error(499, "the client has left")
    return error(503, "there is no answer: ask again")


def _wrong(body: Question) -> str:
    if not body.question.strip():
        return "there is no question"
    if len(body.question) > LONGEST_QUESTION:
        return f"question is longer than {LONGEST_QUESTION} characters"
    if len(body.code) > LONGEST_CODE:
        return f"code is longer than {LONGEST_CODE} characters"
    if "\0" in body.code:
        return "code has null bytes in it"
    if len(body.conversation) > LONGEST_NAME:
        return f"conversation is longer than {LONGEST_NAME} characters"
    if not 0 <= body.line <= body.code.count("\n") + 1:
        return "line is no line of code"
    return ""


async def _streamed(pieces: AsyncGenerator[Piece, None]) -> AsyncIterator[str]:
    async with aclosing(pieces):
        async for piece in pieces:
            yield f"data: {json.dumps(_plain(piece))}\n\n"
    yield "data: [DONE]\n\n"


def _plain(piece: Piece) -> dict[str, Any]:
    figures = dict(piece.figures) if piece.figures is not None else None
    return {"text": piece.text, "final": piece.final, "source": piece.source, "note": piece.note, "figures": figures}


def _speaker(request: Request) -> Speaker:
    """The speaker of the host, which asks as any client does: in the queue, and with the token."""
    from chatbt.engine.client import Address, Client
    from chatbt.engine.places import Places
    from chatbt.orchestrator.speaker import Speaker

    state = request.app.state
    if getattr(state, "speaker", None) is None:
        client = Client(Address.of(Places.of_user()))

        async def reach() -> Client:
            return client

        state.speaker = Speaker(reach)
    speaker: Speaker = state.speaker
    return speaker


def _checker(code: str) -> Checker:
    from chatbt.analysis.scopes import FileFacts
    from chatbt.source.document import Document
    from chatbt.specialists.registry import patterns
    from chatbt.workspace.checker import Checker
    from chatbt.workspace.profile import Profile
    from chatbt.workspace.targets import NEWEST

    return Checker(Document.from_text("question.py", code), Profile(frozenset(patterns()), FileFacts(NEWEST)))
