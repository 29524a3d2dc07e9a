"""What clients are told when the model features come and go: the commands, and the scheme of the virtual documents."""

import logging

from lsprotocol import types

from chatbt.lsp.capabilities import MODEL_COMMANDS
from chatbt.lsp.session import Session

log = logging.getLogger(__name__)

SCHEME = "chatbt"


async def register(session: Session) -> None:
    """Register what the client lets us, or take it back, if the features have been switched on or off."""
    is_on = session.features.is_on
    if session.typed is None or session.features.is_registered is is_on:
        return
    session.features.is_registered = is_on
    server = session.typed.server
    try:
        if is_on and (wanted := _registrations(session)):
            await server.client_register_capability_async(types.RegistrationParams(registrations=wanted))
        elif registered := _registrations(session):
            gone = [types.Unregistration(id=one.id, method=one.method) for one in registered]
            await server.client_unregister_capability_async(types.UnregistrationParams(unregisterations=gone))
    except Exception as error:
        log.warning("the client does not take the model's commands: %s", error)


def _registrations(session: Session) -> list[types.Registration]:
    wanted: list[types.Registration] = []
    if session.client.registers_commands:
        commands = types.ExecuteCommandRegistrationOptions(commands=list(MODEL_COMMANDS))
        method = types.WORKSPACE_EXECUTE_COMMAND
        wanted.append(types.Registration(id="chatbt:model:commands", method=method, register_options=commands))
    if session.client.virtual_documents:
        content = types.TextDocumentContentRegistrationOptions(schemes=[SCHEME])
        method = types.WORKSPACE_TEXT_DOCUMENT_CONTENT
        wanted.append(types.Registration(id="chatbt:model:content", method=method, register_options=content))
    return wanted
