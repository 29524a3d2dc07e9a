"""OpenAI's completions and chat completions, as far as they exist here."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, StreamingResponse

from chatbt.engine.shapes import ChatRequest, CompletionRequest, Message, Sampling
from chatbt.enginehost import audit
from chatbt.enginehost.answers import Shape, error, refusal, too_much
from chatbt.enginehost.app import Host
from chatbt.enginehost.asks import BrokenError, SupersededError, TurnedAwayError, WrongError
from chatbt.enginehost.leaving import LeftError, unless_left

if TYPE_CHECKING:
    from chatbt.dsde import Event

router = APIRouter()


@router.get("/v1/models")
async def models(request: Request) -> dict[str, Any]:
    """The one model."""
    host: Host = request.app.state.host
    return {"object": "list", "data": [{"id": host.model, "object": "model", "owned_by": "local"}]}


@router.post("/v1/completions", response_model=None)
async def completions(request: Request, body: CompletionRequest) -> StreamingResponse | JSONResponse:
    """Continue a text."""
    return await _answered(request, body, body.prompt, chat=False)


@router.post("/v1/chat/completions", response_model=None)
async def chat_completions(request: Request, body: ChatRequest) -> StreamingResponse | JSONResponse:
    """Answer a conversation."""
    return await _answered(request, body, body.messages, chat=True)


async def _answered(
    request: Request, body: Sampling, content: str | list[Message], *, chat: bool
) -> StreamingResponse | JSONResponse:
    host: Host = request.app.state.host
    session = request.headers.get("x-chatbt-session", "")
    if host.sessions.meet(session):
        audit.connected(session)
    if wait := host.sessions.admit(session):
        return _refused(request, TurnedAwayError("this session asks too often", wait))
    if wrong := too_much(body):
        return error(400, wrong)
    events = host.desk.events(content, body, session or body.user)
    try:
        first = await unless_left(request, anext(events))
        shape = Shape(host.model, chat=chat)
        if body.stream:
            return StreamingResponse(_streamed(first, events, shape), media_type="text/event-stream")
        text, result = first.text, first.result
        while result is None:
            event = await unless_left(request, anext(events))
            text, result = text + event.text, event.result
        await events.aclose()
    except LeftError:
        await events.aclose()
        return error(499, "the client has left")
    except (TurnedAwayError, SupersededError, WrongError, BrokenError) as problem:
        return _refused(request, problem)
    return JSONResponse(shape.whole(text, result))


def _refused(request: Request, problem: Exception) -> JSONResponse:
    host: Host = request.app.state.host
    response = refusal(problem)
    host.monitor.live.refuse(response.status_code)
    if response.status_code == 429:
        session = request.headers.get("x-chatbt-session", "")
        audit.refused(session, request.method, request.url.path, 429, str(problem))
    return response


async def _streamed(first: Event, events: AsyncGenerator[Event, None], shape: Shape) -> AsyncIterator[str]:
    async with aclosing(events):
        try:
            event = first
            while True:
                if event.text or event.result is not None:
                    yield f"data: {json.dumps(shape.piece(event))}\n\n"
                if event.result is not None:
                    break
                event = await anext(events)
        except (SupersededError, TurnedAwayError, BrokenError) as problem:
            yield f"data: {json.dumps({'error': {'message': str(problem), 'type': 'engine'}})}\n\n"
    yield "data: [DONE]\n\n"
