"""textDocument/didClose: nothing is shown of it any more."""

from chatbt.lsp.client import Json
from chatbt.lsp.session import Session


def did_close(session: Session, params: Json) -> None:
    text = session.documents.get(params["textDocument"]["uri"])
    if text is not None and not text.is_notebook:
        session.documents.forget(text)
        session.closed(text)
