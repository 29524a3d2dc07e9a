"""notebookDocument/didOpen: a notebook and its cells."""

from chatbt.lsp.client import Json
from chatbt.lsp.notebooks import Notebook, cells_of
from chatbt.lsp.session import Session
from chatbt.lsp.uris import to_path


def did_open(session: Session, params: Json) -> None:
    item = params["notebookDocument"]
    path = to_path(item["uri"])
    cells = cells_of(params["cellTextDocuments"], item["cells"])
    profile = session.profile(path, notebook=True)
    text = Notebook(item["uri"], path, item.get("version"), cells, profile, session.client.encoding)
    session.collector.keep()
    session.documents.open(text)
    session.changed(text)
