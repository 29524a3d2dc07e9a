"""textDocument/didOpen: from here on the client's text is the one that counts."""

from chatbt.lsp.client import Json
from chatbt.lsp.documents import Open
from chatbt.lsp.session import Session
from chatbt.lsp.uris import to_path
from chatbt.source.document import Document
from chatbt.workspace.checker import Checker


def did_open(session: Session, params: Json) -> None:
    item = params["textDocument"]
    if not is_python(item):
        return
    uri, path = item["uri"], to_path(item["uri"])
    document = Document.from_text(uri, item["text"], item.get("version"))
    profile = session.profile(path)
    text = Open(uri, path, Checker(document, profile), session.client.encoding)
    session.collector.keep()
    session.documents.open(text)
    session.changed(text)


def is_python(item: Json) -> bool:
    """Whether an opened text is ours; a client that names no language means the file's name."""
    language = item.get("languageId")
    return language == "python" or (not language and item["uri"].endswith((".py", ".pyi", ".pyw")))
