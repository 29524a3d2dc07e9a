"""workspace/diagnostic: the diagnostics of all files of the workspace, as they are found.

The first answer comes when every file has been checked; the answer to a later request waits until something changed.
"""

import asyncio
from typing import Any

from lsprotocol import types

from chatbt.lsp.client import Json
from chatbt.lsp.plain.text_document.diagnostic import report
from chatbt.lsp.progress import Progress
from chatbt.lsp.session import Session
from chatbt.lsp.whole import Order, check_folders

_AT_ONCE = 50


async def diagnostic(session: Session, params: types.WorkspaceDiagnosticParams) -> Json:
    folders = session.folders
    if folders is None or not session.client.whole_workspace:
        return {"items": []}
    if session.checked_workspace:
        await session.workspace_changed.wait()
    session.workspace_changed.clear()
    previous = {one.uri: one.value for one in params.previous_result_ids}
    order = Order(session.initialize_params or {}, dict(folders.settings), folders.uris)
    parcel: list[Json] = []
    async with Progress(session, params.work_done_token, "Checking the workspace") as progress:
        async for found in check_folders(order):
            if session.documents.get(found.uri) is None:
                _add(parcel, found.uri, found.items, previous)
            progress.step()
            if len(parcel) >= _AT_ONCE and params.partial_result_token is not None:
                _send(session, params.partial_result_token, parcel)
                parcel = []
            await asyncio.sleep(0)
    for text in session.documents:
        for uri, items in session.diagnostics(text).items():
            _add(parcel, uri, items, previous, text.version)
    # What the client knows and is no more has no diagnostics.
    for uri in previous:
        _add(parcel, uri, [], previous)
    session.checked_workspace = True
    if params.partial_result_token is None:
        return {"items": parcel}
    _send(session, params.partial_result_token, parcel)
    return {"items": []}


def _add(parcel: list[Json], uri: str, items: list[Json], previous: dict[str, str], version: int | None = None) -> None:
    """Take up a file's report; an unknown file without diagnostics needs none."""
    before = previous.get(uri)
    if items or before is not None:
        parcel.append({"uri": uri, "version": version, **report(items, before)})
    previous.pop(uri, None)


def _send(session: Session, token: Any, items: list[Json]) -> None:
    session.notify("$/progress", {"token": token, "value": {"items": items}})
