"""What the analysis finds in the code that a question is about, and how near to it."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import FileFacts
from chatbt.orchestrator.fragments import code_in
from chatbt.source.document import Document, Position, Range
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import Problem, problems, suggestions_at, suggestions_by_chunk
from chatbt.workspace.profile import Profile
from chatbt.workspace.targets import NEWEST

SELECTED, NEAR, ELSEWHERE = 1.0, 0.5, 0.2
"""How much a finding counts in the selection, in the piece of code around it, elsewhere in the file."""

QUOTED, QUOTED_CALL = 0.8, 0.3
"""How much it counts in the code that the question quotes."""

LONGEST_FILE = 20_000
"""Lines beyond which nobody looks through a whole file for what a question may mean."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A finding and how much it counts; `line` is None where the code stands in the question itself."""

    pattern: str
    message: str
    weight: float
    line: int | None


def found_at(checker: Checker, place: Range | None) -> list[Evidence]:
    """The findings of a file that may be meant: those that touch `place`, those near it, then all others."""
    if place is None:
        return [_evidence(one, ELSEWHERE) for one in _all_of(checker)]
    near = _around(checker, place)
    found = []
    for one in (*problems(checker), *suggestions_at(checker, near)):
        if one.report is not None:
            touches, close = one.stretch.touches(place), one.stretch.touches(near)
            found.append(_evidence(one, SELECTED if touches else NEAR if close else ELSEWHERE))
    return found


def _all_of(checker: Checker) -> Iterator[Problem]:
    """Everything that is found in a file; in a very long one only what is found anyway."""
    yield from (one for one in problems(checker) if one.report is not None)
    if len(checker.document.lines) <= LONGEST_FILE:
        for some in suggestions_by_chunk(checker):
            yield from some


def _around(checker: Checker, place: Range) -> Range:
    """The chunks that a place is in; the place itself where it is in none."""
    inside = [chunk for chunk, _ in checker.chunks() if chunk.start < place.end.line and place.start.line <= chunk.stop]
    if not inside:
        return place
    return Range(Position(min(one.start for one in inside) + 1, 0), Position(max(one.stop for one in inside) + 1, 0))


def _evidence(problem: Problem, weight: float) -> Evidence:
    return Evidence(problem.id, problem.message, weight, problem.stretch.start.line)


def found_in_words(question: str) -> list[Evidence]:
    """What is found in the code that a question quotes."""
    code = code_in(question, _modules())
    if not code:
        return []
    checker = Checker(Document.from_text("question.py", code), _everything())
    found = (one for one in problems(checker, suggestions=True) if one.report is not None)
    return [Evidence(one.id, one.message, QUOTED_CALL if _is_call(one) else QUOTED, None) for one in found]


def _is_call(problem: Problem) -> bool:
    """Whether a finding is about a call as a statement. A question that quotes a call need not mean that."""
    node = problem.report.finding.node if problem.report else None
    return isinstance(node, ast.Expr) or (isinstance(node, ast.Call) and isinstance(parent(node), ast.Expr))


@cache
def _everything() -> Profile:
    return Profile(frozenset(patterns()), FileFacts(NEWEST))


@cache
def _modules() -> frozenset[str]:
    """The modules that patterns speak of."""
    called: Iterable[str] = (name for pattern in patterns().values() for name in (*pattern.calls, *pattern.names))
    return frozenset(name.partition(".")[0] for name in called if "." in name) - {"builtins"}
