"""Answers in OpenAI's shape, with our own figures under `chatbt`."""

from __future__ import annotations

import time
import uuid
from dataclasses import asdict
from math import ceil
from typing import TYPE_CHECKING, Any

from fastapi.responses import JSONResponse

from chatbt.engine.shapes import Figures, Sampling
from chatbt.enginehost.asks import SupersededError, TurnedAwayError, WrongError
from chatbt.enginehost.desk import LONGEST

if TYPE_CHECKING:
    from chatbt.dsde import Event, Result

NAME = 200
"""The most characters of a name that a request brings."""
STOPS, STOP = 16, 500
"""The most strings that end a text, and their most characters."""


class Shape:
    """One answer."""

    def __init__(self, model: str, *, chat: bool) -> None:
        self._chat = chat
        self._head = {
            "id": f"{'chatcmpl' if chat else 'cmpl'}-{uuid.uuid4().hex}",
            "created": int(time.time()),
            "model": model,
        }

    def piece(self, event: Event) -> dict[str, Any]:
        """One event of a stream."""
        finish = None if event.result is None else event.result.finish
        choice: dict[str, Any] = {"index": 0, "finish_reason": finish}
        choice |= {"delta": {"role": "assistant", "content": event.text}} if self._chat else {"text": event.text}
        kind = "chat.completion.chunk" if self._chat else "text_completion"
        told = {**self._head, "object": kind, "choices": [choice]}
        return told if event.result is None else told | _usage(event.result)

    def whole(self, text: str, result: Result) -> dict[str, Any]:
        """An answer in one piece."""
        choice: dict[str, Any] = {"index": 0, "finish_reason": result.finish}
        choice |= {"message": {"role": "assistant", "content": text}} if self._chat else {"text": text}
        kind = "chat.completion" if self._chat else "text_completion"
        return {**self._head, "object": kind, "choices": [choice]} | _usage(result)


def too_much(body: Sampling) -> str:
    """What is out of its bounds in a request, and is not the library's to say; "" where nothing is."""
    stops = [body.stop] if isinstance(body.stop, str) else body.stop or []
    for wrong, what in (
        (not -10 <= body.priority <= 100, f"priority is {body.priority}; it must be from -10 to 100"),
        (
            body.timeout is not None and not 0 < body.timeout <= LONGEST,
            f"timeout is {body.timeout}; it must be above 0 and at most {LONGEST:g} seconds",
        ),
        (
            max(len(body.user), len(body.document), len(body.purpose), len(body.model)) > NAME,
            f"model, user, document and purpose have at most {NAME} characters each",
        ),
        (
            len(stops) > STOPS or any(len(stop) > STOP for stop in stops),
            f"stop has at most {STOPS} strings of at most {STOP} characters",
        ),
    ):
        if wrong:
            return what
    return ""


def refusal(problem: Exception) -> JSONResponse:
    """The answer to a request that came to nothing."""
    if isinstance(problem, TurnedAwayError):
        return error(429, str(problem), {"Retry-After": str(max(1, ceil(problem.after)))})
    if isinstance(problem, SupersededError):
        return error(409, str(problem))
    return error(400 if isinstance(problem, WrongError) else 503, str(problem))


def error(status: int, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """An error in OpenAI's shape."""
    return JSONResponse({"error": {"message": message, "type": "engine"}}, status, headers)


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
