"""initialize: who the client is, what it may ask for."""

from chatbt.lsp.capabilities import initialize_result
from chatbt.lsp.client import Json
from chatbt.lsp.errors import INVALID_PARAMS, INVALID_REQUEST, RefusedError
from chatbt.lsp.session import Session


def initialize(session: Session, params: Json) -> Json:
    if session.folders is not None:
        raise RefusedError(INVALID_REQUEST, "initialize: the server has been initialized")
    if "capabilities" not in params:
        raise RefusedError(INVALID_PARAMS, "initialize: the client does not say what it can do")
    session.begin(params)
    return initialize_result(params)
