"""textDocument/didChange: what was typed."""

from chatbt.lsp.client import Json
from chatbt.lsp.session import Session


def did_change(session: Session, params: Json) -> None:
    item = params["textDocument"]
    text = session.documents.get(item["uri"])
    if text is None:
        return
    text.change(params["contentChanges"], item.get("version"))
    session.changed(text)
