"""codeAction/resolve: the edit of an action that was offered without it."""

import logging

from lsprotocol import types

from chatbt.lsp.actions import Wanted, edit_for
from chatbt.lsp.errors import REQUEST_FAILED, RefusedError
from chatbt.lsp.session import Session

log = logging.getLogger(__name__)


async def resolve(session: Session, action: types.CodeAction) -> types.CodeAction:
    if action.command is not None:
        return action
    try:
        action.edit = await edit_for(session, Wanted.of(action.data))
    except RefusedError as refusal:
        log.warning("%s", refusal)
        if refusal.code == REQUEST_FAILED:
            session.show(str(refusal))
        raise
    return action
