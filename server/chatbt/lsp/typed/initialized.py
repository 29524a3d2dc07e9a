"""initialized: ask the client for its settings, and to be told when they or the configuration files change."""

import logging

from lsprotocol import types

from chatbt.lsp.configuration import pull_settings
from chatbt.lsp.session import Session
from chatbt.lsp.watching import watch

log = logging.getLogger(__name__)


async def initialized(session: Session, params: types.InitializedParams) -> None:
    if session.typed is None:
        return
    wanted = []
    if session.client.registers_configuration:
        options = types.DidChangeConfigurationRegistrationOptions(section="chatbt")
        wanted.append(_registration(types.WORKSPACE_DID_CHANGE_CONFIGURATION, options))
    if session.client.watches_files:
        globs = ["**/*.toml", *(["**/*.{py,pyi,pyw,ipynb}"] if session.client.whole_workspace else [])]
        watchers = [types.FileSystemWatcher(glob_pattern=glob) for glob in globs]
        files = types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
        wanted.append(_registration(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, files))
    else:
        watch(session)
    if wanted:
        try:
            await session.typed.server.client_register_capability_async(types.RegistrationParams(registrations=wanted))
        except Exception as error:
            log.warning("the client does not tell of changed settings: %s", error)
            watch(session)
    await pull_settings(session)


def _registration(method: str, options: object) -> types.Registration:
    return types.Registration(id=f"chatbt:{method}", method=method, register_options=options)
