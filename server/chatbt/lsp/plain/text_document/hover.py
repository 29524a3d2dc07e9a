"""textDocument/hover: the cards of what is found under the cursor, of the id in a comment there, of a name there.

No fix is made for a hover, and no explanation: what a fix would change is shown if it was prepared while nothing else
was to be done, and what a model has said of the finding as far as it has come.
"""

from chatbt.lsp.cards import as_markup, card, name_card
from chatbt.lsp.client import Json
from chatbt.lsp.documents import Open
from chatbt.lsp.naming import named_at
from chatbt.lsp.session import Session
from chatbt.source.document import Range
from chatbt.specialists.pattern import Pattern
from chatbt.specialists.registry import names, patterns, standard_names
from chatbt.workspace.findings import Problem

Shown = tuple[list[str], Range]


def hover(session: Session, params: Json) -> Json | None:
    uri, position = params["textDocument"]["uri"], params["position"]
    text = session.documents.get(uri)
    if text is None:
        return None
    cursor = text.from_client(uri, {"start": position, "end": position})
    if cursor is None:
        return None
    session.previews(text).look_at(cursor.start.line)
    session.features.prefetching.look_at(text, cursor)
    for look in (_of_comment, _of_findings, _of_suggestion, _of_name):
        if found := look(session, text, cursor):
            cards, place = found
            _, shown = text.to_client(place)
            return {"contents": as_markup(cards, markdown=session.client.markdown), "range": shown}
    return None


def _of_findings(session: Session, text: Open, cursor: Range) -> Shown | None:
    found = [one for one in text.problems() if one.report is not None and one.stretch.touches(cursor)]
    cards = {(one.id, one.message): _card(session, text, one) for one in found}
    return (list(cards.values()), found[0].stretch) if found else None


def _of_suggestion(session: Session, text: Open, cursor: Range) -> Shown | None:
    """The card of the most specific suggestion; over a statement of many lines it would be in the way."""
    found = [one for some in text.suggestions(cursor) for one in some if one.stretch.start.line == cursor.start.line]
    if not found:
        return None
    problem = min(found, key=lambda one: (one.extent, one.id))
    return [_card(session, text, problem)], problem.stretch


def _card(session: Session, text: Open, problem: Problem) -> str:
    preview = session.previews(text).get(problem.report) if problem.report else None
    shown = card(patterns()[problem.id], session.docs_url, problem.message, preview)
    explanation = session.features.ready(text, problem)
    return f"{shown}\n\n---\n\n{explanation}" if explanation else shown


def _of_name(session: Session, text: Open, cursor: Range) -> Shown | None:
    """What a pattern that is on says of the name of the standard library under the cursor."""
    known = standard_names()
    named = named_at(text, cursor, known)
    if named is None or known[named.name].id not in text.checker.profile.rules:
        return None
    return [name_card(named.name, known[named.name], session.docs_url)], named.stretch


def _of_comment(session: Session, text: Open, cursor: Range) -> Shown | None:
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
