"""initialize: who the client is, what it may ask for."""

from chatbt.lsp.capabilities import initialize_result
from chatbt.lsp.client import Json
from chatbt.lsp.errors import INVALID_REQUEST, RefusedError
from chatbt.lsp.session import Session


def initialize(session: Session, params: Json) -> Json:
    if session.folders is not None:
        raise RefusedError(INVALID_REQUEST, "initialize: the server has been initialized")
    session.begin(params)
    return initialize_result(params)
