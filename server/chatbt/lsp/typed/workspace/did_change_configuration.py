"""workspace/didChangeConfiguration: the client's settings are others now."""

from lsprotocol import types

from chatbt.lsp.capabilities import table
from chatbt.lsp.configuration import pull_settings, take_settings
from chatbt.lsp.model.registering import register
from chatbt.lsp.session import Session


async def did_change_configuration(session: Session, params: types.DidChangeConfigurationParams) -> None:
    if session.client.configuration:
        await pull_settings(session)
        return
    settings = table(params.settings)
    take_settings(session, table(settings.get("chatbt", settings)))
    await register(session)
