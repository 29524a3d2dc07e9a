"""workspace/textDocumentContent: a text of the model that is shown as a document and is nowhere but here."""

from lsprotocol import types

from chatbt.lsp.session import Session


def text_document_content(session: Session, params: types.TextDocumentContentParams) -> types.TextDocumentContentResult:
    gone = "This text is no longer kept: ask again.\n"
    return types.TextDocumentContentResult(text=session.features.texts.get(params.uri, gone))
