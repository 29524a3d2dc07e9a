"""The command behind "Modernise the selection": its safe suggestions as one edit, shown to the user before."""

from collections.abc import Sequence
from typing import Any

from chatbt.lsp.actions import edit_of, fix_together
from chatbt.lsp.asking import apply_edit
from chatbt.lsp.edits import annotate
from chatbt.lsp.errors import CONTENT_MODIFIED, INVALID_PARAMS, REQUEST_FAILED, RefusedError
from chatbt.lsp.offering import whole_lines
from chatbt.lsp.session import Session
from chatbt.specialists.registry import patterns

_ANNOTATION = "chatbt.modernise"


async def modernise(session: Session, arguments: Sequence[Any], token: Any) -> bool:
    """Apply the safe suggestions inside a range of a text; whether there was one and the client took it."""
    match arguments:
        case [str(uri), {"start": {"line": int(), "character": int()}, "end": {"line": int(), "character": int()}}]:
            place = arguments[1]
        case _:
            raise RefusedError(INVALID_PARAMS, "modernise takes a URI and a range")
    text = session.documents.get(uri)
    stretch = text.from_client(uri, place) if text else None
    if text is None or stretch is None:
        raise RefusedError(CONTENT_MODIFIED, f"there is nothing at this place of {uri}")
    if session.typed is None or not session.client.applies_edits:
        raise RefusedError(REQUEST_FAILED, "the client takes no edits that it has not asked for")
    suggestions = frozenset(rule for rule, one in patterns().items() if one.is_suggestion)
    fixed = await fix_together(session, text, everything=True, rules=suggestions, lines=whole_lines(stretch))
    if not fixed.applied:
        session.show("there is nothing to modernise here that is proven safe", kind=3)
        return False
    edit = edit_of(session, text, fixed.edits)
    if session.client.annotations:
        what = ", ".join(f"{count} × {patterns()[rule].name}" for rule, count in sorted(fixed.applied.items()))
        annotate(edit, _ANNOTATION, {"label": "Modernise", "description": what, "needsConfirmation": True})
    return await apply_edit(session, edit, "Modernise")
