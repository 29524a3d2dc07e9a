"""What bears on a question: findings and patterns, each pattern once, and none that leaves the place to another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatbt.orchestrator.card import capital
from chatbt.orchestrator.grounding.ground import Subject
from chatbt.orchestrator.routing import Route
from chatbt.source.document import Range
from chatbt.specialists.cards import card_of
from chatbt.specialists.pattern import Pattern
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import Problem, problems, suggestions_at

_SHARE = 0.6
"""The least share of the best score that a pattern has which is spoken of too."""
_MOST = 3


@dataclass(frozen=True, slots=True)
class Bearing:
    """Patterns that bear on a question, the one that answers first; findings of some of them, in the same order."""

    cards: tuple[Pattern, ...]
    subjects: tuple[Subject, ...]


def bearing(route: Route, checker: Checker | None, place: Range | None) -> Bearing:
    """What bears on a question that was routed."""
    best = route.patterns[0].score
    near = [one for one in route.patterns if one.score >= _SHARE * best][:_MOST]
    cards = undisputed([patterns()[one.pattern] for one in near])
    subjects: list[Subject] = []
    for card in cards:
        wanted = {one.line for candidate in near if candidate.pattern == card.id for one in candidate.findings}
        found = next(_found(checker, place, card.id, wanted - {None}), None) if checker else None
        if checker is not None and found is not None and not any(_same_place(found, one.problem) for one in subjects):
            subjects.append(Subject(checker, found))
    return Bearing(tuple(cards), tuple(subjects))


def undisputed(found: Sequence[Pattern]) -> list[Pattern]:
    """The patterns without those that leave what both could say to one of the others."""
    known = {one.id for one in found}
    return [one for one in found if known.isdisjoint(one.yields_to)]


def _found(checker: Checker, place: Range | None, pattern: str, lines: set[int | None]) -> Iterator[Problem]:
    """The findings of a pattern in some lines, those that touch `place` first."""
    found = [
        problem
        for line in sorted(one for one in lines if one is not None)
        for problem in (
            *problems(checker),
            *suggestions_at(checker, Range.of(line, 0, line, 1 << 30)),
        )
        if problem.id == pattern and problem.stretch.start.line == line
    ]
    yield from sorted(found, key=lambda one: (place is None or not one.stretch.touches(place), one.extent))


def _same_place(one: Problem, other: Problem) -> bool:
    return one.stretch == other.stretch


def further(bearing: Bearing, said: str) -> str:
    """What else bears on a question, one item each, as far as it has not been said."""
    items = []
    subjects = {one.problem.id: one for one in bearing.subjects}
    for card in bearing.cards[1:]:
        text = card_of(card)
        found = subjects.get(card.id)
        about = f"line {found.problem.stretch.start.line}: {found.problem.message}." if found else text.what
        if about not in said and capital(about) not in said:
            items.append(f"- **{text.title}** (`{card.id}`): {about}")
    return "See also:\n" + "\n".join(items) if items else ""
