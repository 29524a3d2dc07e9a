"""workspace/didChangeWatchedFiles: a configuration file was made, changed or deleted."""

from chatbt.lsp.client import Json
from chatbt.lsp.session import Session
from chatbt.lsp.uris import to_path


def did_change_watched_files(session: Session, params: Json) -> None:
    if session.folders is None:
        return
    paths = [path for change in params["changes"] if (path := to_path(change["uri"])) is not None]
    settings = [path for path in paths if path.suffix == ".toml"]
    for path in settings:
        session.folders.reload(path)
    if settings:
        session.reconfigure()
    session.workspace_changed.set()
