"""window/workDoneProgress/cancel: the user wants no more of what is shown as being done."""

from chatbt.lsp.client import Json
from chatbt.lsp.session import Session


def cancel(session: Session, params: Json) -> None:
    stop = session.stops.get(params["token"])
    if stop is not None:
        stop()
