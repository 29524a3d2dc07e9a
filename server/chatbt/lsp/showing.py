"""Having the client show a document."""

import logging

from chatbt.lsp.session import Session

log = logging.getLogger(__name__)


async def is_shown(session: Session, uri: str, *, take_focus: bool) -> bool:
    """Whether the client shows a document; without `take_focus` the cursor stays where it is."""
    if not session.client.shows_documents or session.typed is None:
        return False
    from lsprotocol import types

    try:
        params = types.ShowDocumentParams(uri=uri, take_focus=take_focus)
        answer = await session.typed.server.window_show_document_async(params)
    except Exception as error:
        log.info("the client does not show %s: %s", uri, error)
        return False
    return answer.success
