"""OpenAI's completions and chat completions, as far as they exist here."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import asdict
from math import ceil
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, StreamingResponse

from chatbt.dsde import DsdeError, Event, RequestError, Result, SamplingParams
from chatbt.engine.shapes import ChatRequest, CompletionRequest, Figures, Sampling
from chatbt.enginehost.app import Host
from chatbt.enginehost.worker import Busy

router = APIRouter()

FINISHES = {"stop": "stop", "length": "length"}


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
    host: Host = request.app.state.host
    prompt = host.templated([asdict(message) for message in body.messages])
    return await _answered(request, body, prompt, chat=True)


async def _answered(
    request: Request, body: Sampling, prompt: str | list[int], *, chat: bool
) -> StreamingResponse | JSONResponse:
    host: Host = request.app.state.host
    session = request.headers.get("x-chatbt-session", "")
    if wait := host.sessions.admit(session):
        return _error(429, "this session asks too often", {"Retry-After": str(ceil(wait))})
    try:
        events = host.worker.events(
            prompt, _params(body), owner=session or body.user, priority=body.priority, seconds=body.timeout
        )
        first = await anext(events)
    except Busy:
        return _error(429, "the queue is full", {"Retry-After": "1"})
    except RequestError as error:
        return _error(400, str(error))
    except (DsdeError, RuntimeError) as error:
        return _error(503, str(error))
    shape = _Shape(host.model, chat=chat)
    if body.stream:
        return StreamingResponse(_streamed(first, events, shape), media_type="text/event-stream")
    text, result = first.text, first.result
    async for event in events:
        text, result = text + event.text, event.result
    assert result is not None
    return JSONResponse(shape.whole(text, result))


async def _streamed(first: Event, events: AsyncIterator[Event], shape: _Shape) -> AsyncIterator[str]:
    try:
        event = first
        while True:
            if event.text or event.result is not None:
                yield f"data: {json.dumps(shape.piece(event))}\n\n"
            if event.result is not None:
                break
            event = await anext(events)
    except (DsdeError, RuntimeError) as error:
        yield f"data: {json.dumps({'error': {'message': str(error), 'type': 'engine'}})}\n\n"
    yield "data: [DONE]\n\n"


class _Shape:
    """Answers as OpenAI's API has them, with our figures under `chatbt`."""

    def __init__(self, model: str, *, chat: bool) -> None:
        self._chat = chat
        self._head = {
            "id": f"{'chatcmpl' if chat else 'cmpl'}-{uuid.uuid4().hex}",
            "created": int(time.time()),
            "model": model,
        }

    def piece(self, event: Event) -> dict[str, Any]:
        """One event of a stream."""
        finish = None if event.result is None else FINISHES.get(event.result.finish, event.result.finish)
        choice: dict[str, Any] = {"index": 0, "finish_reason": finish}
        choice |= {"delta": {"role": "assistant", "content": event.text}} if self._chat else {"text": event.text}
        kind = "chat.completion.chunk" if self._chat else "text_completion"
        told = {**self._head, "object": kind, "choices": [choice]}
        return told if event.result is None else told | _usage(event.result)

    def whole(self, text: str, result: Result) -> dict[str, Any]:
        """An answer in one piece."""
        choice: dict[str, Any] = {"index": 0, "finish_reason": FINISHES.get(result.finish, result.finish)}
        choice |= {"message": {"role": "assistant", "content": text}} if self._chat else {"text": text}
        kind = "chat.completion" if self._chat else "text_completion"
        return {**self._head, "object": kind, "choices": [choice]} | _usage(result)


def _usage(result: Result) -> dict[str, Any]:
    stats = result.stats
    figures = Figures(
        prompt_tokens=stats.prompt_tokens,
        cached_tokens=stats.cached_tokens,
        completion_tokens=stats.tokens,
        rounds=stats.rounds,
        drafted=stats.drafted,
        accepted=stats.accepted,
        acceptance=stats.acceptance,
        first_token_seconds=stats.first_token,
        seconds=stats.total,
        estimated_speedup=stats.speedup,
        speculation_lengths=stats.lengths,
        mean_divergence=sum(stats.divergences) / len(stats.divergences) if stats.divergences else 0.0,
    )
    usage = {
        "prompt_tokens": stats.prompt_tokens,
        "completion_tokens": stats.tokens,
        "total_tokens": stats.prompt_tokens + stats.tokens,
    }
    return {"usage": usage, "chatbt": asdict(figures)}


def _params(body: Sampling) -> SamplingParams:
    stop = [body.stop] if isinstance(body.stop, str) else body.stop or []
    return SamplingParams(
        max_tokens=body.max_tokens or 256,
        temperature=body.temperature,
        top_k=body.top_k,
        top_p=body.top_p,
        min_p=body.min_p,
        repetition_penalty=body.repetition_penalty,
        stop=tuple(stop),
        seed=body.seed,
    )


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": {"message": message, "type": "engine"}}, status, headers)
