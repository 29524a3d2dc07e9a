"""textDocument/didChange: what was typed."""

import logging

from chatbt.lsp.client import Json
from chatbt.lsp.session import Session

log = logging.getLogger(__name__)


def did_change(session: Session, params: Json) -> None:
    item = params["textDocument"]
    text = session.documents.get(item["uri"])
    if text is None:
        return
    text.change(params["contentChanges"], item.get("version"), session.client.encoding)
    session.changed(text)
