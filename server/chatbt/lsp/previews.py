"""What is made while nothing else is to be done: suggestions, and diffs of fixes, for hover, which makes none."""

import asyncio
import difflib
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise
from typing import TypeVar

from chatbt.lsp.documents import Open
from chatbt.rewriting.apply import apply, ordered
from chatbt.rewriting.fix import Edit
from chatbt.source.chunks import Chunk
from chatbt.source.document import Document, Position, Range
from chatbt.specialists.run import Report
from chatbt.workspace.findings import Problem
from chatbt.workspace.fixing import fix_of
from chatbt.workspace.trial import attempt

T = TypeVar("T")
IDLE_S = 0.3
_STEP_S = 0.005  # between two fixes, so that a message never waits for more than one
_PAUSE_S = 0.05  # while something else is wanted
_AT_ONCE_S = 0.003
_MOST = 200
_MOST_SUGGESTIONS = 20


class Previews:
    """The diffs of one text's fixes, by report. An edit stops the making; what the edit left alone is kept.

    Those of suggestions are made around the place where the user is: of the last edit, hover or request for actions.
    Behind them the suggestions of the whole text are found: what is offered everywhere should not depend on haste.
    """

    def __init__(self, text: Open, is_quiet: Callable[[], bool], made: Callable[[], None]) -> None:
        """`is_quiet` is asked before each is made, `made` called behind each."""
        self._text = text
        self._is_quiet = is_quiet
        self._told = made
        self._made: dict[Report, str | None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._prepared: Chunk | None = None

    def get(self, report: Report) -> str | None:
        return self._made.get(report)

    def changed(self) -> None:
        """The text is another now; start when it has been left alone for a while."""
        self.stop()
        self._timer = asyncio.get_running_loop().call_later(IDLE_S, self._start)

    def look_at(self, line: int) -> None:
        """The user looks at this line (1-based)."""
        self._text.focus = line
        if self._timer is None and self._prepared is not self._chunk():
            self.changed()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _start(self) -> None:
        found = (one for one in self._text.problems() if one.report and not one.report.pattern.is_suggestion)
        wanted = [*islice(found, _MOST), *self._suggestions()]
        reports = [problem.report for problem in wanted if problem.report is not None]
        self._made = {report: self._made[report] for report in reports if report in self._made}
        self._step(iter(wanted))

    def _suggestions(self) -> list[Problem]:
        """The suggestions of the chunk where the user is, the nearest first."""
        self._prepared = chunk = self._chunk()
        if chunk is None:
            return []
        place = Range(Position(chunk.start + 1, 0), Position(chunk.stop, 1 << 30))
        found = [one for some in self._text.suggestions(place) for one in some if one.chunk is chunk]
        return sorted(found, key=lambda one: abs(one.stretch.start.line - self._text.focus))[:_MOST_SUGGESTIONS]

    def _chunk(self) -> Chunk | None:
        at = self._text.checker.chunk_at(self._text.focus)
        return at and at[0]

    def _step(self, wanted: Iterator[Problem]) -> None:
        if not self._is_quiet():
            self._later(_PAUSE_S, self._step, wanted)
            return
        for problem in wanted:
            report = problem.report
            if report is not None and report.pattern.make_fix is not None and report not in self._made:
                self._made[report] = preview(self._text, problem)
                self._told()
                self._later(_STEP_S, self._step, wanted)
                return
        self._read_ahead(self._text.suggestions())

    def _read_ahead(self, chunks: Iterator[list[Problem]]) -> None:
        end = time.perf_counter() + _AT_ONCE_S
        while self._is_quiet() and time.perf_counter() < end:
            if next(chunks, None) is None:
                self._timer = None
                self.look_at(self._text.focus)  # which may be elsewhere by now
                return
        self._told()
        self._later(_STEP_S if self._is_quiet() else _PAUSE_S, self._read_ahead, chunks)

    def _later(self, seconds: float, call: Callable[[Iterator[T]], None], rest: Iterator[T]) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, call, rest)


def preview(text: Open, problem: Problem) -> str | None:
    """The diff of a problem's fix; None if it has none, or none that reaches the top of the ladder."""
    report = problem.report
    fix = fix_of(text.checker, problem.chunk, problem.state, report) if report else None
    if fix is None or report is None or attempt(text.checker, fix.edits, report).checker is None:
        return None
    return diff(text.document, fix.edits)


def diff(document: Document, edits: Sequence[Edit]) -> str:
    """A unified diff without headers of what `edits` change, places far apart divided by an ellipsis."""
    in_order = ordered(edits)
    groups = [[edit] for edit in in_order[:1]]
    for before, edit in pairwise(in_order):
        near = edit.stretch.start.line - before.stretch.end.line <= 3
        groups[-1].append(edit) if near else groups.append([edit])
    return "…\n".join(_diff(document, group) for group in groups)


def _diff(document: Document, edits: Sequence[Edit]) -> str:
    first, last = edits[0].stretch.start.line, edits[-1].stretch.end.line
    old = Document("", document.lines[first - 1 : last])
    new = apply(old, [Edit(_within(edit.stretch.shifted(1 - first), old), edit.text) for edit in edits])
    lines = difflib.unified_diff(
        [line.rstrip("\r\n") for line in old.lines], [line.rstrip("\r\n") for line in new.lines], n=1, lineterm=""
    )
    return "".join(f"{line}\n" for line in lines if not line.startswith(("---", "+++", "@@")))


def _within(stretch: Range, document: Document) -> Range:
    """An edit at the end of a text without a last line ending lies behind its last line."""
    end: Position = document.end
    return Range(min(stretch.start, end), min(stretch.end, end))
