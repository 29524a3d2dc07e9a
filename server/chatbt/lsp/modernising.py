"""The command behind "Modernise the selection": its safe suggestions as one edit, shown to the user before."""

import logging
from typing import Any

from lsprotocol import types

from chatbt.lsp.actions import edit_of, fix_together
from chatbt.lsp.edits import difference
from chatbt.lsp.errors import CONTENT_MODIFIED, INVALID_PARAMS, REQUEST_FAILED, RefusedError
from chatbt.lsp.session import Session
from chatbt.source.document import Range
from chatbt.specialists.registry import patterns

log = logging.getLogger(__name__)

_ANNOTATION = "chatbt.modernise"


async def modernise(session: Session, *arguments: Any) -> bool:
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
    edit = edit_of(session, text, difference(text.document, fixed.checker.document))
    if session.client.annotations:
        what = ", ".join(f"{count} × {patterns()[rule].name}" for rule, count in sorted(fixed.applied.items()))
        _annotate(edit, types.ChangeAnnotation(label="Modernise", description=what, needs_confirmation=True))
    params = types.ApplyWorkspaceEditParams(edit=edit, label="Modernise")
    try:
        answer = await session.typed.server.workspace_apply_edit_async(params)
    except Exception as error:
        raise RefusedError(REQUEST_FAILED, f"the client did not take the edit: {error}") from error
    if not answer.applied:
        log.info("the edit was not applied: %s", answer.failure_reason or "no reason given")
    return answer.applied


def whole_lines(stretch: Range) -> range:
    """The lines that a selection means; it may end at the start of the line behind the last."""
    start, end = stretch
    last = end.line - 1 if end.column == 0 and end.line > start.line else end.line
    return range(start.line, last + 1)


def _annotate(edit: types.WorkspaceEdit, annotation: types.ChangeAnnotation) -> None:
    """Bind every change of an edit to an annotation."""
    for change in edit.document_changes or ():
        if isinstance(change, types.TextDocumentEdit):
            change.edits = [
                types.AnnotatedTextEdit(annotation_id=_ANNOTATION, range=one.range, new_text=one.new_text)
                for one in change.edits
                if isinstance(one, types.TextEdit)
            ]
    edit.change_annotations = {_ANNOTATION: annotation}
