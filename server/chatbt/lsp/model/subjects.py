"""What the model is asked about: a finding at a place, frozen as it is now, for the text may be edited meanwhile."""

from dataclasses import replace

from chatbt.lsp.documents import Open
from chatbt.orchestrator.grounding.ground import Subject
from chatbt.source.document import Range
from chatbt.workspace.findings import Problem


def found_at(text: Open, place: Range, rule: str | None = None) -> list[Problem]:
    """What is found at a place and can be explained, the most specific first; else what is found on its line."""
    drawn = [one for one in text.problems() if one.report is not None and rule in (None, one.id)]
    suggested = (one for some in text.suggestions(place) for one in some if rule in (None, one.id))
    found = [one for one in drawn if one.stretch.touches(place)] or list(suggested)
    found = found or [one for one in drawn if one.stretch.start.line == place.start.line]
    return sorted(found, key=lambda one: (not one.shown, one.extent, one.id))


def subject_of(text: Open, problem: Problem) -> Subject:
    """The finding with a checker of its own, which shares what is known of the text."""
    checker = text.checker.fork()
    chunk = next(chunk for chunk, state in checker.chunks() if state is problem.state)
    return Subject(checker, replace(problem, chunk=chunk))
