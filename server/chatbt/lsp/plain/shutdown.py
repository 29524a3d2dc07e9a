"""shutdown: from here on only `exit` is taken."""

from chatbt.lsp.client import Json
from chatbt.lsp.session import Session


def shutdown(session: Session, params: Json) -> None:
    session.shut_down = True
    session.features.close()
