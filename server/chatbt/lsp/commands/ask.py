"""chatbt.ask: a question about Python code, answered with what the specialists know.

Arguments: the question; then, as far as they are meant, the URI of a text, a range of it as the client counts, and the
conversation that is gone on with, as the result of its first answer names it.
"""

from collections.abc import AsyncGenerator, Sequence
from typing import Any
from uuid import uuid4

from chatbt.lsp.client import Json
from chatbt.lsp.errors import INVALID_PARAMS, RefusedError
from chatbt.lsp.model.talking import place_in, say, text_at
from chatbt.lsp.session import Session
from chatbt.orchestrator.speaker import Piece, Speaker

_LONGEST_TITLE = 60


async def ask(session: Session, arguments: Sequence[Any], token: Any) -> Json:
    question, uri, place, conversation = (*arguments, None, None, None, None)[:4]
    if not isinstance(question, str) or not question.strip() or len(arguments) > 4:
        raise RefusedError(INVALID_PARAMS, "ask takes a question, and may take a URI, a range and a conversation")
    if not all(isinstance(one, str | None) for one in (uri, conversation)):
        raise RefusedError(INVALID_PARAMS, "ask: the URI and the conversation are strings")
    text = text_at(session, uri) if uri is not None else None
    stretch = place_in(text, uri, place) if text is not None and place is not None else None
    checker = text.checker.fork() if text is not None else None
    conversation = conversation or uuid4().hex

    def pieces(speaker: Speaker) -> AsyncGenerator[Piece, None]:
        return speaker.answer(question, checker, stretch, conversation=conversation)

    about = {"conversation": conversation, **({"uri": uri} if uri is not None else {})}
    return await say(session, token, _title(question), pieces, **about)


def _title(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= _LONGEST_TITLE else f"{line[: _LONGEST_TITLE - 1]}…"
