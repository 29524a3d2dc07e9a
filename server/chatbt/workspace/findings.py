"""What is shown of a checked text: findings after suppressions, syntax errors, suppressions that silence nothing."""

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chatbt.analysis.finding import Severity
from chatbt.analysis.suppression import Code, Suppression
from chatbt.rewriting.newer import is_newer_python
from chatbt.source.chunks import LONGEST, Chunk, alone
from chatbt.source.document import Range
from chatbt.specialists.pattern import Pattern
from chatbt.specialists.registry import names, patterns
from chatbt.specialists.run import Report
from chatbt.workspace.checker import Checker, State
from chatbt.workspace.profile import Profile

SYNTAX_ERROR = "invalid-syntax"
UNUSED_SUPPRESSION = "unused-suppression"


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """One thing to show, at its place in the document.

    `id` is a pattern's, SYNTAX_ERROR or UNUSED_SUPPRESSION; `report` is None for the latter two. `shown` is False for
    what is left to ruff and for suggestions: they draw nothing, but their cards and fixes can be asked for.
    """

    id: str
    name: str
    message: str
    stretch: Range
    severity: Severity
    chunk: Chunk
    state: State
    report: Report | None = None
    related: tuple[tuple[Range, str], ...] = ()
    unnecessary: bool = False
    deprecated: bool = False
    shown: bool = True

    @property
    def extent(self) -> tuple[int, int]:
        """How long the stretch is, for what is more specific to come first."""
        (line, column), (end_line, end_column) = self.stretch
        return end_line - line, end_column - column


def problems(checker: Checker, *, suggestions: bool = False) -> list[Problem]:
    """Everything to show of a checked text, in its order; `suggestions` too if asked for."""
    found: list[Problem] = []
    chunks = list(checker.chunks())
    whole_file = tuple(one for _, state in chunks for one in state.suppressions if one.whole_file)
    used: set[Suppression | Code] = set()
    for chunk, state in chunks:
        if state.reports or state.fault is not None:
            found += _in_chunk(chunk, state, checker.profile, whole_file, used)
        # What a comment silences may be a suggestion.
        if suggestions or checker.profile.hints or any(one.ours for one in state.suppressions):
            suggested = list(_suggested(checker, chunk, state, whole_file, used))
            found += suggested if suggestions or checker.profile.hints else ()
    found += _late_future(chunks)
    for chunk, state in chunks:
        if state.suppressions:
            found += _unused(chunk, state, checker.profile, used)
    found.sort(key=lambda problem: (problem.stretch, problem.id))
    return found


def suggestions_at(checker: Checker, place: Range) -> list[Problem]:
    """The suggestions that touch a stretch, in their order."""
    found = [problem for some in suggestions_by_chunk(checker, place) for problem in some]
    return sorted(found, key=lambda problem: (problem.stretch, problem.id))


def suggestions_by_chunk(checker: Checker, place: Range | None = None) -> Iterator[list[Problem]]:
    """The suggestions (that touch a stretch) of each chunk (that the stretch reaches into), which runs them."""
    chunks = list(checker.chunks())
    whole_file = tuple(one for _, state in chunks for one in state.suppressions if one.whole_file)
    for chunk, state in chunks:
        if place is None or (chunk.start < place.end.line and place.start.line <= chunk.stop):
            found = _suggested(checker, chunk, state, whole_file, set())
            yield [problem for problem in found if place is None or problem.stretch.touches(place)]


def _suggested(
    checker: Checker,
    chunk: Chunk,
    state: State,
    whole_file: tuple[Suppression, ...],
    used: set[Suppression | Code],
) -> Iterator[Problem]:
    return _of_reports(checker.suggestions(chunk), chunk, state, checker.profile, whole_file, used)


def _late_future(chunks: Iterable[tuple[Chunk, State]]) -> Iterator[Problem]:
    """`from __future__` behind another chunk's code; within one chunk the compiler has found it."""
    late = False
    for chunk, state in chunks:
        if late and "__future__" in chunk.parsed.text:
            for node in chunk.parsed.body:
                if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                    line = node.lineno - chunk.parsed.first + 1 + chunk.start
                    stretch = Range.of(line, node.col_offset, line, node.end_col_offset or node.col_offset)
                    message = "from __future__ imports must occur at the beginning of the file"
                    yield Problem(SYNTAX_ERROR, SYNTAX_ERROR, message, stretch, Severity.ERROR, chunk, state)
        late = late or bool(chunk.parsed.body)


def _in_chunk(
    chunk: Chunk, state: State, profile: Profile, whole_file: tuple[Suppression, ...], used: set[Suppression | Code]
) -> Iterator[Problem]:
    if state.fault is not None and not _is_newer(chunk, profile):
        fault = state.fault
        stretch = Range.of(fault.line + 1, fault.column, fault.end_line + 1, fault.end_column).shifted(chunk.start)
        yield Problem(SYNTAX_ERROR, SYNTAX_ERROR, fault.message, stretch, Severity.ERROR, chunk, state)
    yield from _of_reports(state.reports, chunk, state, profile, whole_file, used)


def _of_reports(
    reports: Iterable[Report],
    chunk: Chunk,
    state: State,
    profile: Profile,
    whole_file: tuple[Suppression, ...],
    used: set[Suppression | Code],
) -> Iterator[Problem]:
    """The reports that no comment silences, at their places."""
    suppressions = (*whole_file, *(one for one in state.suppressions if not one.whole_file))
    for report in reports:
        if suppressions and _silenced(report, suppressions, used):
            continue
        pattern = report.pattern
        yield Problem(
            pattern.id,
            pattern.name,
            report.finding.message,
            report.stretch.shifted(chunk.start),
            profile.severity.get(pattern.id, report.severity),
            chunk,
            state,
            report,
            tuple((stretch.shifted(chunk.start), message) for stretch, message in report.related),
            pattern.unnecessary,
            pattern.deprecated,
            pattern.id not in profile.left_to_ruff and (profile.hints or not pattern.is_suggestion),
        )


def _is_newer(chunk: Chunk, profile: Profile) -> bool:
    """Whether a chunk with a syntax error is code that only a newer Python than this one can read."""
    parsed = chunk.parsed
    if profile.file.target <= sys.version_info[:2] or parsed.fault is None or len(parsed.text) > LONGEST:
        return False
    return is_newer_python(alone(parsed.text, parsed.role, parsed.indent)[0])


def _names_of(pattern: Pattern) -> tuple[str, ...]:
    return (pattern.id, pattern.name, *pattern.formerly)


def _silenced(report: Report, suppressions: Iterable[Suppression], used: set[Suppression | Code]) -> bool:
    lines = {report.stretch.start.line, report.stretch.end.line}
    silenced = False
    for one in suppressions:
        if not one.whole_file and lines.isdisjoint(one.lines):
            continue
        known = _names_of(report.pattern)
        code = one.silences(known if one.ours else (*known, *report.pattern.ruff))
        if code is not False:
            silenced = True
            used.add(one if isinstance(code, bool) else code)
    return silenced


def _unused(chunk: Chunk, state: State, profile: Profile, used: set[Suppression | Code]) -> Iterator[Problem]:
    """Our own suppressions that silence nothing; one whose rule is not on says nothing either way."""
    for one in state.suppressions:
        if not one.ours:
            continue
        if one.codes is None:
            if one not in used and not one.whole_file:
                yield _complaint(chunk, state, one.stretch, "this comment silences nothing")
            continue
        for code in one.codes:
            rule = names().get(code.text) or names().get(code.text.upper())
            if rule is None:
                yield _complaint(chunk, state, code.stretch, f"`{code.text}` is no rule")
            elif rule in profile.rules and code not in used and not (one.whole_file and patterns()[rule].is_suggestion):
                yield _complaint(chunk, state, code.stretch, f"there is no {rule} here to silence")


def _complaint(chunk: Chunk, state: State, stretch: Range, message: str) -> Problem:
    place = stretch.shifted(chunk.start)
    return Problem(
        UNUSED_SUPPRESSION, UNUSED_SUPPRESSION, message, place, Severity.INFORMATION, chunk, state, unnecessary=True
    )
