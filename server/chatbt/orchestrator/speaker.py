"""Explanations, answers, reviews and rewrites: what a window or a command asks of the models."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chatbt.engine.client import Client
from chatbt.engine.errors import EngineError
from chatbt.engine.shapes import ChatRequest
from chatbt.orchestrator.card import card_text
from chatbt.orchestrator.grounding.ground import Subject, ground_of
from chatbt.orchestrator.styles import style_of

Source = Literal["model", "card"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One step of a growing answer.

    `text` is all of it so far, in Markdown; the last piece is `final`. Its `source` is "card" where the model failed
    the checks or there is no engine: then the deterministic card stands there, and `note` says why in one sentence.
    """

    text: str
    final: bool = False
    source: Source = "model"
    note: str = ""
    figures: Mapping[str, Any] | None = None


class Speaker:
    """What one window or one command says. Owns its explanations and its conversations."""

    def __init__(self, client: Callable[[], Awaitable[Client]]) -> None:
        """`client` reaches the engine, and may start it; it raises `EngineError` where it cannot."""
        self._client = client

    def ready(self, subject: Subject) -> Piece | None:
        """What there is of an explanation now: the whole, or the sentences that are finished. Never waits."""
        return None

    async def explain(self, subject: Subject, *, priority: int = 0) -> AsyncIterator[Piece]:
        """The explanation of a finding as it grows."""
        if subject.pattern is None:
            yield Piece(card_text(subject), True, "card", "What does not parse is not explained by a model.")
            return
        text, figures = "", None
        try:
            client = await self._client()
            health = await client.health()
            messages = style_of(health.model).explain(ground_of(subject.checker, subject.problem))
            request = ChatRequest(messages=messages, max_tokens=200, purpose="explanation", priority=priority)
            async for piece in client.chat(request):
                text += piece.text
                figures = piece.figures or figures
                yield Piece(text)
        except EngineError as error:
            yield Piece(card_text(subject), True, "card", f"No model explains it: {error}.")
            return
        yield Piece(text, True, "model", "", figures)
