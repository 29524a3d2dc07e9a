"""textDocument/didClose: nothing is shown of it any more."""

from chatbt.lsp.capabilities import Json
from chatbt.lsp.session import Session


def did_close(session: Session, params: Json) -> None:
    uri = params["textDocument"]["uri"]
    if session.documents.close(uri) is not None and not session.client.pulls:
        session.notify("textDocument/publishDiagnostics", {"uri": uri, "diagnostics": []})
