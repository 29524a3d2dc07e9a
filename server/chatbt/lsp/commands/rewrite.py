"""chatbt.rewrite: code rewritten as somebody wishes, if the ladder lets it.

Arguments: the URI, a range as the client counts, and the wish in words. Our own clients get both texts and ask the user
themselves; others get an edit that needs confirmation, or the user is asked in a message.
"""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

from chatbt.lsp.actions import edit_of
from chatbt.lsp.asking import apply_edit, wants
from chatbt.lsp.client import Json
from chatbt.lsp.documents import Open
from chatbt.lsp.edits import annotate
from chatbt.lsp.errors import CONTENT_MODIFIED, INVALID_PARAMS, RefusedError
from chatbt.lsp.model.talking import at_work, place_in, tail, text_at
from chatbt.lsp.previews import diff
from chatbt.lsp.session import Session
from chatbt.orchestrator.speaker import Rewrite
from chatbt.rewriting.apply import apply
from chatbt.source.document import Range
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker

METHOD = "chatbt/rewrite"
TITLE = "Rewrite"
_MOST_LINES = 30


async def rewrite(session: Session, arguments: Sequence[Any], token: Any) -> Json | None:
    """What became of it; None if the user has stopped it."""
    match arguments:
        case [str(uri), place, str(wish)] if wish.strip():
            text = text_at(session, uri)
            stretch = place_in(text, uri, place)
        case _:
            raise RefusedError(INVALID_PARAMS, "rewrite takes a URI, a range and a wish in words")
    document = text.document
    made = await _made(session, token, text.checker.fork(), stretch, wish)
    if made is None:
        return None
    if text.document is not document or session.documents.get(uri) is not text:
        raise RefusedError(CONTENT_MODIFIED, "the text has changed while it was rewritten: ask again")
    told = {"uri": uri, "version": text.version, "wish": wish, **_told(made)}
    if session.client.hears_rewrites:
        if made.edits:
            after = apply(document, made.edits).text
            told |= {"before": document.text, "after": after, "edit": edit_of(session, text, made.edits)}
        session.notify(METHOD, told)
        return told
    if not made.edits:
        session.show(f"nothing was rewritten: {made.refused}", kind=3)
        return told
    return told | {"applied": await _is_applied(session, text, made)}


async def _made(session: Session, token: Any, checker: Checker, stretch: Range, wish: str) -> Rewrite | None:
    speaker = await session.features.speaker()
    async with at_work(session, token, f"{TITLE}: {wish}") as (progress, stopping):
        try:
            async with aclosing(speaker.rewrite(checker, stretch, wish)) as growing:
                async for step in growing:
                    if isinstance(step, Rewrite):
                        return step
                    progress.say(tail(step.text))
        except asyncio.CancelledError:
            if not stopping.stopped:
                raise
    return None


def _told(made: Rewrite) -> Json:
    """What became of it, as the client gets it."""
    told = {"source": made.source, "head": _head(made), "climbed": list(made.climbed), "refused": made.refused}
    figures = {"figures": dict(made.figures)} if made.figures is not None else {}
    return {**told, "fixes": dict(made.applied), **figures}


def _head(made: Rewrite) -> str:
    """What stands above the difference: who wrote it, and how far it has climbed."""
    fixes = ", ".join(f"{count} × {patterns()[rule].name}" for rule, count in sorted(made.applied.items()))
    parts = ["Written by the model." if made.source == "model" else "", f"Fixes: {fixes}." if fixes else ""]
    climbed = f"It has passed: {'; '.join(made.climbed)}." if made.source == "model" and made.climbed else ""
    return " ".join(part for part in (*parts, climbed, made.refused) if part)


async def _is_applied(session: Session, text: Open, made: Rewrite) -> bool:
    """Whether the user has agreed and the client has taken the edit."""
    edit = edit_of(session, text, made.edits)
    if session.client.annotations:
        annotate(edit, METHOD, {"label": TITLE, "description": _head(made), "needsConfirmation": True})
    else:
        lines = diff(text.document, made.edits).splitlines()
        more = [f"… and {len(lines) - _MOST_LINES} lines more"] if len(lines) > _MOST_LINES else []
        if not await wants(session, "\n".join([_head(made), *lines[:_MOST_LINES], *more]), "Apply"):
            return False
    return await apply_edit(session, edit, TITLE)
