"""What is offered of the model at a place: explanations of what is found there, rewrites of what is selected.

Nothing is asked of an engine for it, and none need be there.
"""

import ast
from collections.abc import Callable, Iterator, Sequence

from chatbt.lsp.capabilities import BY_MODEL, EXPLAIN, EXPLANATION, REWRITE_BY_MODEL
from chatbt.lsp.client import GENERATED, Json
from chatbt.lsp.documents import Open
from chatbt.lsp.offering import shown_as, specific_first
from chatbt.lsp.session import Session
from chatbt.source.document import Position, Range
from chatbt.workspace.findings import Problem

_MOST = 3
WISHES = {
    "Rewrite with the model: more Pythonic": "make this more Pythonic",
    "Rewrite with the model: handle errors": "add error handling",
}
"""The titles, and what is asked for. The user's own words come with the command."""


def by_model(
    session: Session, text: Open, uri: str, place: Range, wanted: Callable[[str], bool], diagnostics: Sequence[Json]
) -> Iterator[Json]:
    """The actions at a place of the part of a text that is known as `uri`."""
    if wanted(EXPLANATION):
        for problem in _explainable(text, place):
            _, shown = text.to_client(problem.stretch)
            title = f"Explain {problem.id} ({problem.name})"
            command = {"title": title, "command": EXPLAIN, "arguments": [uri, shown["start"], problem.id]}
            own = shown_as(problem, text, diagnostics)
            yield _action(session, title, EXPLANATION, command) | ({"diagnostics": own} if own else {})
    takes = session.client.applies_edits or session.client.hears_rewrites
    if wanted(BY_MODEL) and takes and (stretch := _rewritable(text, place)) is not None:
        _, selected = text.to_client(stretch)
        for title, wish in WISHES.items():
            command = {"title": title, "command": REWRITE_BY_MODEL, "arguments": [uri, selected, wish]}
            yield _action(session, title, BY_MODEL, command)


def _action(session: Session, title: str, kind: str, command: Json) -> Json:
    tags = {"tags": [GENERATED]} if session.client.marks_generated else {}
    return {"title": title, "kind": kind, "command": command, **tags}


def _explainable(text: Open, place: Range) -> list[Problem]:
    """The findings at a place, of each pattern one: what is drawn first, then the most specific."""
    found = [one for one in text.problems() if one.report is not None and one.stretch.touches(place)]
    by_rule: dict[str, Problem] = {}
    for problem in (*sorted(found, key=lambda one: (not one.shown, one.extent)), *specific_first(text, place)):
        by_rule.setdefault(problem.id, problem)
    return list(by_rule.values())[:_MOST]


def _rewritable(text: Open, place: Range) -> Range | None:
    """What a rewrite is offered for: the selection, or the function whose name the cursor is at."""
    if place.start != place.end:
        return place
    at = text.checker.chunk_at(place.start.line)
    if at is None:
        return None
    chunk, parsed = at[0], at[0].parsed
    for node in parsed.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first, last = (line - parsed.first + 1 + chunk.start for line in (node.lineno, node.end_lineno or 0))
            if first == place.start.line:
                return Range(Position(first, 0), Position(last, len(text.document.line(last).encode())))
    return None
