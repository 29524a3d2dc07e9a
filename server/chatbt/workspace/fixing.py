"""From a report to the edits of its file, and every safe fix of a file to a fixpoint."""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from chatbt.analysis.flow import enclosing_function
from chatbt.analysis.shown import is_shown
from chatbt.analysis.walk import Walked
from chatbt.rewriting.attributes import without_attributes
from chatbt.rewriting.fix import Edit, Fix
from chatbt.rewriting.imports import import_edits, line_start, module_edits
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.settle import settle
from chatbt.rewriting.unused import without_unused
from chatbt.source.chunks import Chunk
from chatbt.source.document import Document, Range
from chatbt.specialists.crashes import crashed
from chatbt.specialists.pattern import MakeFix
from chatbt.specialists.run import Report
from chatbt.verification.ladder import Fall
from chatbt.workspace.checker import Checker, State
from chatbt.workspace.findings import Problem, problems
from chatbt.workspace.trial import attempt

_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Fixed:
    """What fixing did: the checker of the new text, how many fixes of which pattern, and what the ladder refused."""

    checker: Checker
    applied: Counter[str]
    refused: tuple[tuple[Problem, Fall], ...]


def fix_of(checker: Checker, chunk: Chunk, state: State, report: Report) -> Fix | None:
    """The fix of a report, its edits in the document's positions; None if it has none.

    There is none in `f"{x = }"` either, which shows the code as it is written. A pattern whose fix crashes has none
    there; the log says so, once.
    """
    make = report.pattern.make_fix
    if make is None:
        return None
    try:
        if is_shown(report.finding.node, report.scope):
            return None
        return _made(make, checker, chunk, state, report)
    except Exception as error:
        crashed(report.pattern, error, "no fix is offered where that happens")
        return None


def _made(make: MakeFix, checker: Checker, chunk: Chunk, state: State, report: Report) -> Fix | None:
    node = report.finding.node
    line = node.__dict__.get("lineno", 1) + chunk.start + 1 - state.walked.parsed.first
    limit = sys.maxsize if enclosing_function(node) is not None else line

    def available(name: str) -> bool:
        return _is_imported(checker, name, limit)

    rewrite = Rewrite(state.walked, checker.document.line_ending, available)
    made = make(report.finding, report.scope, rewrite)
    fix = settle(made, state.walked) if made else None
    if fix is None:
        return None
    # Of two insertions at one place the first comes first: an import goes above a line that uses it.
    statements = _statements(checker)
    own = [edit.shifted(chunk.start + 1 - state.walked.parsed.first) for edit in fix.edits]
    first = min((edit.stretch.start.line for edit in own), default=1)
    edits = import_edits(checker.document, statements, rewrite.imports, first)
    edits += module_edits(checker.document, statements, rewrite.module_lines)
    if rewrite.decorators:
        edits += _decorated(checker.document, chunk, rewrite.decorators)
    edits += own
    if rewrite.attributes:
        changed = without_attributes(checker.document, _members(checker, chunk), rewrite.attributes, edits)
        if changed is None:
            return None
        edits = changed
    if rewrite.dropped and not state.walked.file.notebook:
        edits = without_unused(checker.document, statements, rewrite.dropped, edits)
    return Fix(fix.title, fix.safe, tuple(edits))


def _members(checker: Checker, member: Chunk) -> list[tuple[int, Walked]]:
    """The chunks of the class that one is in, each with how many lines its nodes are off from the document."""
    return [
        (chunk.start + 1 - state.walked.parsed.first, state.walked)
        for chunk, state in checker.chunks()
        if chunk is member or (member.owner is not None and chunk.owner is member.owner)
    ]


def _decorated(document: Document, member: Chunk, decorators: list[str]) -> list[Edit]:
    """The edit that puts decorators above the class that a chunk is a member of; its header is another chunk."""
    assert member.owner is not None
    header = member.owner.parsed
    start = line_start(document, header.body[0].lineno + member.owner.start + 1 - header.first)
    text = "".join(f"{one}{document.line_ending}" for one in decorators)
    return [Edit(Range(start, start), text)]


def _is_imported(checker: Checker, name: str, limit: int) -> bool:
    """Whether the module imports `name` above the line `limit`, and not only under a condition."""
    for chunk, state in checker.chunks():
        if chunk.start >= limit:
            break
        if chunk.parsed.role != "code":
            continue
        shift = chunk.start + 1 - state.walked.parsed.first
        for statement in chunk.parsed.body:
            if isinstance(statement, ast.Import | ast.ImportFrom) and statement.lineno + shift < limit:
                bound = (one.asname or one.name.partition(".")[0] for one in statement.names)
                if name in bound:
                    return True
    return False


def _statements(checker: Checker) -> list[tuple[int, ast.stmt]]:
    """The statements at the top of the module, before the first definition, each with its line."""
    found: list[tuple[int, ast.stmt]] = []
    for chunk, state in checker.chunks():
        if chunk.parsed.role != "code":
            break
        shift = chunk.start + 1 - state.walked.parsed.first
        found += [(statement.lineno + shift, statement) for statement in chunk.parsed.body]
    return found


def fix_all(
    checker: Checker,
    *,
    unsafe: bool = False,
    everything: bool = False,
    rules: frozenset[str] | None = None,
    lines: range | None = None,
) -> Fixed:
    """Apply every safe fix (every fix, with `unsafe`) that reaches the top of the ladder, until none is left.

    `everything` makes those of what draws nothing too: suggestions, and what is left to ruff. `rules` narrows it to
    these ids, `lines` to what lies in these (1-based). `checker` is used up by it.
    """
    applied: Counter[str] = Counter()
    choice = _Choice(unsafe, everything, rules, lines)
    for _ in range(_ROUNDS):
        refused: list[tuple[Problem, Fall]] = []
        before = applied.total()
        for outcome in _round(checker, choice):
            if isinstance(outcome, Checker):
                checker = outcome
            elif isinstance(outcome, str):
                applied[outcome] += 1
            else:
                refused.append(outcome)
        if applied.total() == before:
            break
    return Fixed(checker, applied, tuple(refused))


@dataclass(slots=True)
class _Choice:
    """Which fixes are made. `lines` move with the text."""

    unsafe: bool
    everything: bool
    rules: frozenset[str] | None
    lines: range | None

    def wants(self, problem: Problem) -> bool:
        if problem.report is None or not (problem.shown or self.everything):
            return False
        if self.lines is not None and not (
            problem.stretch.start.line in self.lines and problem.stretch.end.line in self.lines
        ):
            return False
        return self.rules is None or problem.id in self.rules

    def moved(self, edits: tuple[Edit, ...]) -> None:
        if self.lines is not None:
            first, stop = self.lines.start, self.lines.stop
            before = sum(_growth(edit) for edit in edits if edit.stretch.end.line < first)
            until = sum(_growth(edit) for edit in edits if edit.stretch.start.line < stop)
            self.lines = range(first + before, stop + until)


def _round(checker: Checker, choice: _Choice) -> Iterator[Checker | str | tuple[Problem, Fall]]:
    """One pass from the end of the text to its start, so that what is still to come keeps its places.

    Yields the pattern of each fix and the checker after it, and what was refused.
    """
    bound: tuple[Range, str] | None = None
    found = problems(checker, suggestions=choice.everything)
    while found:
        problem = found.pop()
        if bound is not None and (problem.stretch, problem.id) >= bound:
            continue
        bound = (problem.stretch, problem.id)
        if problem.report is None or not choice.wants(problem):
            continue
        fix = fix_of(checker, problem.chunk, problem.state, problem.report)
        if fix is None or not (fix.safe or choice.unsafe):
            continue
        trial = attempt(checker, fix.edits, problem.report)
        if trial.checker is not None:
            bound = (problem.stretch.shifted(_growth_above(fix.edits, problem.stretch)), problem.id)
            choice.moved(fix.edits)
            checker = trial.checker
            checker.take_over()
            found = problems(checker, suggestions=choice.everything)
            yield problem.id
            yield checker
        elif trial.fall is not None:
            yield problem, trial.fall


def _growth_above(edits: tuple[Edit, ...], stretch: Range) -> int:
    """How many lines the edits add above a place."""
    return sum(_growth(edit) for edit in edits if edit.stretch.end.line < stretch.start.line)


def _growth(edit: Edit) -> int:
    return edit.text.count("\n") - (edit.stretch.end.line - edit.stretch.start.line)
