"""codeAction/resolve: the edit of an action that was offered without it."""

import logging

from chatbt.lsp.actions import Wanted, edit_for
from chatbt.lsp.client import Json
from chatbt.lsp.errors import REQUEST_FAILED, RefusedError
from chatbt.lsp.session import Session

log = logging.getLogger(__name__)


async def resolve(session: Session, action: Json) -> Json:
    if action.get("command") is not None:
        return action
    try:
        edit = await edit_for(session, Wanted.of(action.get("data")))
    except RefusedError as refusal:
        log.warning("%s", refusal)
        if refusal.code == REQUEST_FAILED:
            session.show(str(refusal))
        raise
    return {**action, "edit": edit}
