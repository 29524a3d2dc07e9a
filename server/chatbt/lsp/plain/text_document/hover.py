"""textDocument/hover: the cards of what is found under the cursor, or of the id in a comment there."""

from chatbt.lsp.cards import as_markup, card
from chatbt.lsp.client import Json
from chatbt.lsp.documents import Open
from chatbt.lsp.session import Session
from chatbt.source.document import Range
from chatbt.specialists.pattern import Pattern
from chatbt.specialists.registry import names, patterns


def hover(session: Session, params: Json) -> Json | None:
    uri, position = params["textDocument"]["uri"], params["position"]
    text = session.documents.get(uri)
    if text is None:
        return None
    cursor = text.from_client(uri, {"start": position, "end": position})
    if cursor is None:
        return None
    cards, place = _of_comment(session, text, cursor) or _of_findings(session, text, cursor)
    if place is None:
        return None
    _, shown = text.to_client(place)
    return {"contents": as_markup(cards, markdown=session.client.markdown), "range": shown}


def _of_findings(session: Session, text: Open, cursor: Range) -> tuple[list[str], Range | None]:
    cards: dict[tuple[str, str], str] = {}
    place = None
    for problem in text.problems():
        if problem.report is not None and problem.stretch.touches(cursor):
            preview = session.previews(text).get(problem.report)
            pattern = problem.report.pattern
            cards[problem.id, problem.message] = card(pattern, session.docs_url, problem.message, preview)
            place = place or problem.stretch
    return list(cards.values()), place


def _of_comment(session: Session, text: Open, cursor: Range) -> tuple[list[str], Range] | None:
    """The cards of the id, or of a foreign code, in a suppression comment under the cursor."""
    at = text.checker.chunk_at(cursor.start.line)
    if at is None:
        return None
    chunk, state = at
    for one in state.suppressions:
        for code in one.codes or ():
            place = code.stretch.shifted(chunk.start)
            if place.touches(cursor) and (meant := _meant(code.text)):
                return [card(pattern, session.docs_url) for pattern in meant], place
    return None


def _meant(code: str) -> list[Pattern]:
    rule = names().get(code) or names().get(code.upper()) or names().get(code.lower())
    if rule is not None:
        return [patterns()[rule]]
    return [pattern for pattern in patterns().values() if code.upper() in pattern.ruff]
