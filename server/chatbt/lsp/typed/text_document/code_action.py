"""textDocument/codeAction: fixes of the findings at a place, suggestions, ways to ignore them, all safe fixes."""

import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from functools import partial

from lsprotocol import types

from chatbt.lsp.actions import FIX_ALL, Wanted, edit_for
from chatbt.lsp.capabilities import ACTION_KINDS, REWRITE
from chatbt.lsp.capabilities import FIX_ALL as FIX_ALL_KIND
from chatbt.lsp.edits import plain_range
from chatbt.lsp.errors import RefusedError
from chatbt.lsp.offering import modernising, quick_fixes, rewrites
from chatbt.lsp.session import Session

log = logging.getLogger(__name__)

OPTIONS = types.CodeActionOptions(code_action_kinds=list(ACTION_KINDS), resolve_provider=True)


async def code_action(session: Session, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    text = session.documents.get(params.text_document.uri)
    if text is None or not session.client.action_literals:
        return None
    uri = params.text_document.uri
    place = text.from_client(uri, plain_range(params.range))
    if place is None:
        return []
    session.previews(text).look_at(place.start.line)
    wanted = partial(_is_wanted, only=params.context.only)
    # What takes long to make is not made for a client that only looks what there is.
    is_cheap = session.client.resolves or bool(params.context.only)
    actions: list[types.CodeAction] = []
    if wanted(types.CodeActionKind.QuickFix):
        actions += quick_fixes(session, text, place, params.context.diagnostics)
    actions += rewrites(session, text, place, wanted, everywhere=is_cheap)
    if wanted(REWRITE):
        actions += modernising(session, text, uri, place)
    if wanted(FIX_ALL_KIND) and is_cheap:
        every = Wanted(FIX_ALL, text.uri, text.version)
        actions.append(types.CodeAction(title="Apply all safe fixes", kind=FIX_ALL_KIND, data=every.as_data()))
    if session.client.resolves:
        return actions
    return [action async for action in _resolved(session, actions)]


async def _resolved(session: Session, actions: Iterable[types.CodeAction]) -> AsyncIterator[types.CodeAction]:
    """The actions with their edits; those that have none are left out, and the log says why."""
    for action in actions:
        if action.command is None:
            try:
                action.edit = await edit_for(session, Wanted.of(action.data))
            except RefusedError as refusal:
                log.info("%s is not offered: %s", action.title, refusal)
                continue
            action.data = None
        yield action


def _is_wanted(kind: str, only: Sequence[str] | None) -> bool:
    return not only or any(one in ("", kind) or kind.startswith(f"{one}.") for one in only)
