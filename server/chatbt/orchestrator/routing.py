"""Which specialist answers a question, with what, and why. No model is asked.

Three things count: the words of the question, against the patterns' pages; the code that the question quotes; and what
the analysis finds in the code that the question is about. Where neither is enough, nobody answers.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatbt.orchestrator.evidence import Evidence, found_at, found_in_words
from chatbt.orchestrator.index import Hit
from chatbt.orchestrator.library import library
from chatbt.orchestrator.words import surfaces, words
from chatbt.source.document import Range
from chatbt.specialists.registry import names, patterns
from chatbt.workspace.checker import Checker

NONE = "none"
LONGEST = 4000
"""How much of a question is read."""

FOUND = 90.0
"""What a finding in the selection is worth; the words of a plain question reach 20 to 100."""

NAMED = 100.0
"""What it is worth that a question names a pattern or a linter's code of it."""

LEAST = 12.0
"""Less than this is no evidence."""

RIVAL = 0.8
"""How much of a topic of others the best pattern must outweigh on top of that."""

AGREEMENT = 0.5
"""The share of a finding's worth that it has without any agreement with the words."""

REPEATED = 0.3
"""What a word counts when it comes again."""

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pattern that bears on a question, and why: words of the question, and findings."""

    pattern: str
    score: float
    words: tuple[str, ...]
    findings: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A name of the standard library that bears on a question, the pattern that speaks of it, what is said of it."""

    name: str
    pattern: str
    about: str


@dataclass(frozen=True, slots=True)
class Route:
    """The specialist that answers, or NONE; what it answers with, the best first; for NONE the reason.

    `patterns` stand there for NONE too: they are what came nearest.
    """

    specialist: str
    patterns: tuple[Candidate, ...]
    entries: tuple[Entry, ...]
    reason: str


def route(question: str, checker: Checker | None = None, place: Range | None = None) -> Route:
    """Where a question goes that is asked about the text of `checker`, with `place` selected in it.

    Without a `place` the question may be about any part of the text, and the words decide which.
    """
    text = question[:LONGEST]
    counted = Counter(words(text))
    hits = library().pages.ask({word: 1 + REPEATED * (count - 1) for word, count in counted.items()})
    said = {hit.key: hit for hit in hits}
    evidence = [*found_in_words(text), *(found_at(checker, place) if checker else ())]
    found: dict[str, list[Evidence]] = {}
    for one in evidence:
        found.setdefault(one.pattern, []).append(one)
    ranked = _ranked(said, found, _named(text), surfaces(text))
    rival = next((hit for hit in hits if hit.key in library().topics), None)
    reason = _refusal(ranked, rival)
    specialist = NONE if reason else patterns()[ranked[0].pattern].specialist
    return Route(specialist, tuple(ranked[:SHOWN]), _entries(ranked, counted), reason or _reason(ranked[0]))


def _named(text: str) -> frozenset[str]:
    """The patterns whose id, name or linter's code stands in a text."""
    given = {word.strip("`'\".,;:?!()[]") for word in text.split()}
    by_name = {names()[word] for word in given if word in names()}
    return frozenset(by_name | {one.id for one in patterns().values() if not given.isdisjoint(one.ruff)})


def _ranked(
    said: Mapping[str, Hit],
    found: Mapping[str, Sequence[Evidence]],
    named: frozenset[str],
    spoken: Mapping[str, str],
) -> list[Candidate]:
    """The patterns that something speaks for, the best first."""
    best = max((hit.score for key, hit in said.items() if key in patterns()), default=0.0)
    ranked = []
    for key in (said.keys() | found.keys() | named) & patterns().keys():
        hit = said.get(key)
        score = hit.score if hit else 0.0
        findings = sorted(found.get(key, ()), key=lambda one: (-one.weight, one.line or 0))
        agreed = AGREEMENT + (1 - AGREEMENT) * score / best if best else 1.0
        worth = score + NAMED * (key in named)
        if findings:
            worth += FOUND * findings[0].weight * agreed
        telling = [spoken[word] for word in (hit.words if hit else ()) if word in spoken]
        ranked.append(Candidate(key, round(worth, 2), tuple(telling[:SHOWN]), tuple(findings[:SHOWN])))
    return sorted(ranked, key=lambda one: (-one.score, one.pattern))


def _refusal(ranked: Sequence[Candidate], rival: Hit | None) -> str:
    """Why nobody answers; "" if somebody does."""
    best = ranked[0].score if ranked else 0.0
    if best >= LEAST + RIVAL * (rival.score if rival else 0.0):
        return ""
    if rival is not None and rival.score >= best:
        return f"the question is about {library().topics[rival.key]}, which no specialist knows"
    return f"{'too little' if ranked else 'nothing'} in the question is known to a specialist"


def _reason(best: Candidate) -> str:
    """Why the best pattern is the best."""
    why = []
    if best.findings:
        first = best.findings[0]
        where = "the code in the question" if first.line is None else f"line {first.line}"
        why.append(f"found in {where}: {first.message}")
    if best.words:
        why.append(f"words: {', '.join(best.words)}")
    return "; ".join(why) or f"the question names {best.pattern}"


def _entries(ranked: Sequence[Candidate], counted: Mapping[str, int]) -> tuple[Entry, ...]:
    """The names of the library that go with the best patterns, those that the words fit first."""
    best = [one.pattern for one in ranked[:3]]
    fitting = {hit.key: hit.score for hit in library().entries.ask(dict.fromkeys(counted, 1.0))}
    about = [(name, key) for key in best for name in patterns()[key].names]
    about.sort(key=lambda one: -fitting.get(one[0], 0.0))
    return tuple(Entry(name, key, patterns()[key].names[name]) for name, key in about[:SHOWN])
