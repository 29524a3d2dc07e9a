"""chatbt.review: a text's findings by importance, then prose. Arguments: the URI."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from chatbt.lsp.client import Json
from chatbt.lsp.errors import INVALID_PARAMS, RefusedError
from chatbt.lsp.model.talking import say, text_at
from chatbt.lsp.session import Session


async def review(session: Session, arguments: Sequence[Any], token: Any) -> Json:
    match arguments:
        case [str(uri)]:
            text = text_at(session, uri)
        case _:
            raise RefusedError(INVALID_PARAMS, "review takes a URI")
    checker = text.checker.fork()
    name = text.path.name if text.path is not None else PurePath(uri).name
    return await say(session, token, f"Review of {name}", lambda speaker: speaker.review(checker), uri=uri)
