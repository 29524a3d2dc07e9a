"""textDocument/codeAction: fixes of the findings at a place, suggestions, ways to ignore them, all safe fixes."""

import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from functools import partial

from chatbt.lsp.actions import FIX_ALL, Wanted, edit_for
from chatbt.lsp.capabilities import FIX_ALL as FIX_ALL_KIND
from chatbt.lsp.capabilities import QUICK_FIX, REWRITE
from chatbt.lsp.client import Json
from chatbt.lsp.errors import RefusedError
from chatbt.lsp.model.offering import by_model
from chatbt.lsp.offering import modernising, quick_fixes, rewrites
from chatbt.lsp.session import Session

log = logging.getLogger(__name__)


async def code_action(session: Session, params: Json) -> list[Json] | None:
    uri, context = params["textDocument"]["uri"], params["context"]
    text = session.documents.get(uri)
    if text is None or not session.client.action_literals:
        return None
    place = text.from_client(uri, params["range"])
    if place is None:
        return []
    session.previews(text).look_at(place.start.line)
    session.features.prefetching.look_at(text, place)
    only = context.get("only")
    wanted = partial(_is_wanted, only=only)
    # What takes long to make is not made for a client that only looks what there is.
    is_cheap = session.client.resolves or bool(only)
    actions: list[Json] = []
    if wanted(QUICK_FIX):
        actions += quick_fixes(session, text, place, context.get("diagnostics") or [])
    actions += rewrites(session, text, place, wanted, everywhere=is_cheap)
    if wanted(REWRITE):
        actions += modernising(session, text, uri, place)
    if session.features.is_on:
        actions += by_model(session, text, uri, place, wanted, context.get("diagnostics") or [])
    if wanted(FIX_ALL_KIND) and is_cheap:
        every = Wanted(FIX_ALL, text.uri, text.version)
        actions.append({"title": "Apply all safe fixes", "kind": FIX_ALL_KIND, "data": every.as_data()})
    if session.client.resolves:
        return actions
    return [action async for action in _resolved(session, actions)]


async def _resolved(session: Session, actions: Iterable[Json]) -> AsyncIterator[Json]:
    """The actions with their edits; those that have none are left out, and the log says why."""
    for action in actions:
        if "command" not in action:
            try:
                action["edit"] = await edit_for(session, Wanted.of(action.pop("data")))
            except RefusedError as refusal:
                log.info("%s is not offered: %s", action["title"], refusal)
                continue
        yield action


def _is_wanted(kind: str, only: Sequence[str] | None) -> bool:
    return not only or any(one in ("", kind) or kind.startswith(f"{one}.") for one in only)
