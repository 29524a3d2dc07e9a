"""Having a text written and checked: once more if a check refuses it, else what stands without a model."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Literal

from chatbt.engine.client import Client
from chatbt.engine.client import Piece as Part
from chatbt.engine.errors import EngineBusy, EngineError
from chatbt.engine.shapes import ChatRequest, Message, Outcome
from chatbt.orchestrator.checks import Failure, Said, failures
from chatbt.orchestrator.cleaning import cleaned
from chatbt.orchestrator.outcomes import Outcomes
from chatbt.orchestrator.pseudonyms import NONE, Pseudonyms

Source = Literal["model", "card"]
_TOO_LONG = re.compile(r"context|too long|too many tokens", re.IGNORECASE)
PATIENCE = 10.0
"""The most seconds to wait for an engine whose queue is full."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One step of a growing answer.

    `text` is all of it so far, in Markdown; the last piece is `final`. Its `source` is "card" where the model failed
    the checks or there is no engine: then what is known without a model stands there, and `note` says why in one
    sentence. `figures` are what the last piece cost, as the engine tells it, with the number of `attempts`.
    """

    text: str
    final: bool = False
    source: Source = "model"
    note: str = ""
    figures: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A text to be written: the conversation, what it may speak of, and what stands there if it is no good."""

    messages: Sequence[Message]
    purpose: str
    names: frozenset[str]
    patterns: frozenset[str]
    instead: Callable[[], str]
    max_tokens: int = 200
    priority: int = 0
    timeout: float = 120.0
    check: Callable[[Said], list[Failure]] = failures
    names_of: Pseudonyms = NONE
    """What the code's names are called in it."""
    briefly: Sequence[Message] = ()
    """The same conversation in few words, for a model whose context the other does not fit into."""
    is_settled: bool = True
    """Whether it is shown if it passes the checks; otherwise who wished for it says what became of it."""

    def request(self, attempt: int) -> ChatRequest:
        """The request for the first attempt (0) or for the second."""
        request = ChatRequest(
            messages=list(self.messages),
            max_tokens=self.max_tokens,
            purpose=self.purpose,
            priority=self.priority,
            timeout=self.timeout,
        )
        return replace(request, temperature=0.7, top_p=0.9, seed=1) if attempt else request


async def say(client: Client, wish: Wish, outcomes: Outcomes) -> AsyncGenerator[Piece, None]:
    """The text as it grows; the last piece has passed the checks, or is what stands without a model."""
    failed: list[Failure] = []
    try:
        for attempt in range(2):
            text, finish, figures = "", None, None
            async with aclosing(_patiently(client, wish.request(attempt), wish.briefly)) as pieces:
                async for piece in pieces:
                    text, finish, figures = text + piece.text, piece.finish or finish, piece.figures or figures
                    if piece.text:
                        yield Piece(cleaned(wish.names_of.answer(text, whole=False), whole=False))
            told = None if figures is None else {**figures, "attempts": attempt + 1}
            text = cleaned(wish.names_of.answer(text)).strip()
            found = wish.check(Said(text, finish != "length", wish.names, wish.patterns))
            if not found:
                if wish.is_settled:
                    outcome = "regenerated" if attempt else "shown"
                    await outcomes.note(client, Outcome(wish.purpose, outcome, tuple(one.check for one in failed)))
                yield Piece(text, True, "model", "", told)
                return
            failed += found
    except EngineError as error:
        yield Piece(wish.instead(), True, "card", without_model(error))
        return
    await outcomes.note(client, Outcome(wish.purpose, "card", tuple(one.check for one in failed)))
    yield Piece(wish.instead(), True, "card", f"The model's text was left out: it {failed[-1].why}.", told)


async def _patiently(client: Client, request: ChatRequest, briefly: Sequence[Message]) -> AsyncGenerator[Part, None]:
    """The parts of an answer.

    An engine that is busy is asked once more when it says so, and one that takes no prompt so long with a short one.
    """
    for attempt in range(2):
        try:
            async with aclosing(client.chat(request)) as parts:
                async for part in parts:
                    yield part
            return
        except EngineBusy as busy:
            if request.priority or attempt:
                raise
            await asyncio.sleep(min(busy.retry_after, PATIENCE))
        except EngineError as error:
            if not briefly or attempt or not _TOO_LONG.search(str(error)):
                raise
            request = replace(request, messages=list(briefly))


def without_model(error: EngineError) -> str:
    """Why no model speaks, as one sentence."""
    reason = str(error).rstrip(".")
    return f"No model speaks here: {reason}."
