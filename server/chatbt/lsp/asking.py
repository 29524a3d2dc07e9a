"""What is asked of the user and of the client: whether an edit is wanted, and to apply it."""

import logging

from lsprotocol import types

from chatbt.lsp.client import Json
from chatbt.lsp.errors import REQUEST_FAILED, RefusedError
from chatbt.lsp.pygls_server import converter
from chatbt.lsp.session import Session

log = logging.getLogger(__name__)


async def wants(session: Session, question: str, yes: str) -> bool:
    """Whether the user answers a question with yes."""
    if session.typed is None:
        return False
    actions = [types.MessageActionItem(title=yes), types.MessageActionItem(title="Leave it")]
    params = types.ShowMessageRequestParams(type=types.MessageType.Info, message=f"ChatBT: {question}", actions=actions)
    try:
        answer = await session.typed.server.window_show_message_request_async(params)
    except Exception as error:
        log.info("the client does not ask the user: %s", error)
        return False
    return answer is not None and answer.title == yes


async def apply_edit(session: Session, edit: Json, label: str) -> bool:
    """Whether the client has applied an edit. RefusedError if it takes none that it has not asked for."""
    if session.typed is None or not session.client.applies_edits:
        raise RefusedError(REQUEST_FAILED, "the client takes no edits that it has not asked for")
    params = types.ApplyWorkspaceEditParams(edit=converter().structure(edit, types.WorkspaceEdit), label=label)
    try:
        answer = await session.typed.server.workspace_apply_edit_async(params)
    except Exception as error:
        raise RefusedError(REQUEST_FAILED, f"the client did not take the edit: {error}") from error
    if not answer.applied:
        log.info("the edit was not applied: %s", answer.failure_reason or "no reason given")
    return answer.applied
