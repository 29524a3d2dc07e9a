"""chatbt.explain: what is found at a place, in words written for this code.

Arguments: the URI, a position as the client counts, and the pattern's id where it matters which finding is meant.
"""

from collections.abc import Sequence
from typing import Any

from chatbt.lsp.client import Json
from chatbt.lsp.errors import CONTENT_MODIFIED, INVALID_PARAMS, RefusedError
from chatbt.lsp.model.subjects import found_at, subject_of
from chatbt.lsp.model.talking import place_in, say, text_at
from chatbt.lsp.session import Session


async def explain(session: Session, arguments: Sequence[Any], token: Any) -> Json:
    match arguments:
        case [str(uri), position, *rest] if _is_rule(rest):
            rule = rest[0] if rest else None
        case _:
            raise RefusedError(INVALID_PARAMS, "explain takes a URI, a position and, if need be, a pattern's id")
    text = text_at(session, uri)
    found = found_at(text, place_in(text, uri, {"start": position, "end": position}), rule)
    if not found:
        raise RefusedError(CONTENT_MODIFIED, f"{rule or 'what could be explained'} is not found there")
    problem = found[0]
    subject = subject_of(text, problem)
    _, shown = text.to_client(problem.stretch)
    title = f"{problem.id} {problem.name}, explained"
    about = {"uri": uri, "range": shown, "code": problem.id}
    return await say(session, token, title, lambda speaker: speaker.explain(subject), **about)


def _is_rule(rest: Sequence[Any]) -> bool:
    return len(rest) <= 1 and all(one is None or isinstance(one, str) for one in rest)
