"""textDocument/diagnostic: the diagnostics of a text, for clients that ask for them."""

import hashlib

from chatbt.lsp import json
from chatbt.lsp.client import Json
from chatbt.lsp.session import Session


def diagnostic(session: Session, params: Json) -> Json:
    uri = params["textDocument"]["uri"]
    text = session.documents.get(uri)
    if text is None:
        return {"kind": "full", "items": []}
    return report(session.diagnostics(text).get(uri, []), params.get("previousResultId"))


def report(items: list[Json], previous: str | None) -> Json:
    """The items, or that they are those the client has. A result's id is a hash of it."""
    result = hashlib.blake2b(json.dumps(items), digest_size=12).hexdigest()
    if result == previous:
        return {"kind": "unchanged", "resultId": result}
    return {"kind": "full", "resultId": result, "items": items}
