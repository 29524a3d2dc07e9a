"""workspace/didChangeWorkspaceFolders: folders came and went."""

from lsprotocol import types

from chatbt.lsp.configuration import pull_settings
from chatbt.lsp.session import Session


async def did_change_workspace_folders(session: Session, params: types.DidChangeWorkspaceFoldersParams) -> None:
    if session.folders is None:
        return
    event = params.event
    session.folders.change([folder.uri for folder in event.added], [folder.uri for folder in event.removed])
    session.reconfigure()
    await pull_settings(session)
