"""exit: the end; its status says whether `shutdown` came first."""

from chatbt.lsp.client import Json
from chatbt.lsp.session import Session


def exit(session: Session, params: Json) -> None:  # noqa: A001 - the file's name, and so the method's
    session.ended(0 if session.shut_down else 1)
