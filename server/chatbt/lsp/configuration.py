"""The client's settings: those it gave at start, under those of its `chatbt` section."""

import logging
from collections.abc import Mapping
from pathlib import Path

from lsprotocol import types

from chatbt.engine.settings import read_settings
from chatbt.lsp.capabilities import table
from chatbt.lsp.client import Json
from chatbt.lsp.model.registering import register
from chatbt.lsp.model.settings import over_file, said_by
from chatbt.lsp.session import Session
from chatbt.lsp.uris import to_uri

log = logging.getLogger(__name__)


async def pull_settings(session: Session) -> None:
    """Ask for the settings, for every workspace folder, and let them hold; else those of the engine from the start."""
    await _pull(session)
    await register(session)


async def _pull(session: Session) -> None:
    if session.typed is None or session.folders is None:
        return
    if not session.client.configuration:
        configure_engine(session, {})
        return
    paths = session.folders.paths
    scopes = [None, *map(to_uri, paths)]
    items = [types.ConfigurationItem(scope_uri=scope, section="chatbt") for scope in scopes]
    try:
        answer = await session.typed.server.workspace_configuration_async(types.ConfigurationParams(items=items))
    except Exception as error:
        log.warning("the client does not say its settings: %s", error)
        configure_engine(session, {})
        return
    general, *per_folder = [table(one) for one in answer] + [{}] * (len(scopes) - len(answer))
    take_settings(session, general, {path: one for path, one in zip(paths, per_folder, strict=False) if one})


def take_settings(session: Session, general: Json, per_folder: Mapping[Path, Json] | None = None) -> None:
    """Let these settings of the client hold."""
    if session.folders is None:
        return
    configure_engine(session, general)
    start = dict(session.client.settings)
    session.folders.configure(
        {**start, **_said(general)},
        {path: {**start, **_said(general), **_said(one)} for path, one in (per_folder or {}).items()},
    )
    session.reconfigure()


def configure_engine(session: Session, general: Json) -> None:
    """Let what the client says of the engine hold, over the user's own file."""
    options = dict(session.client.settings)
    said = said_by({**options, **_said(general)}, options)
    session.features.configure(lambda: over_file(read_settings(), said))


def _said(settings: Json) -> Json:
    return {key: value for key, value in settings.items() if value is not None}
