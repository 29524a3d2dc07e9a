"""initialize: who the client is, what it may ask for."""

from chatbt.lsp.capabilities import Json, initialize_result
from chatbt.lsp.client import Client
from chatbt.lsp.errors import INVALID_REQUEST, RefusedError
from chatbt.lsp.folders import Folders
from chatbt.lsp.session import Session


def initialize(session: Session, params: Json) -> Json:
    if session.folders is not None:
        raise RefusedError(INVALID_REQUEST, "initialize: the server has been initialized")
    session.initialize_params = params
    session.client = Client.of(params)
    session.folders = Folders(session.client.folders, dict(session.client.settings))
    return initialize_result(params)
