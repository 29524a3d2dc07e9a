"""What fixes would change, as diffs, made while nothing else is to be done: hover shows them and makes none."""

import asyncio
import difflib
from collections.abc import Iterator, Sequence
from itertools import pairwise

from chatbt.lsp.documents import Open
from chatbt.rewriting.apply import apply, ordered
from chatbt.rewriting.fix import Edit
from chatbt.source.document import Document, Position, Range
from chatbt.specialists.run import Report
from chatbt.workspace.fixing import fix_of
from chatbt.workspace.trial import attempt

IDLE_S = 0.3
_STEP_S = 0.005  # between two fixes, so that a message never waits for more than one
_MOST = 200


class Previews:
    """The diffs of one text's fixes, by report. An edit stops the making; what the edit left alone is kept."""

    def __init__(self, text: Open) -> None:
        self._text = text
        self._made: dict[Report, str | None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def get(self, report: Report) -> str | None:
        return self._made.get(report)

    def changed(self) -> None:
        """The text is another now; start when it has been left alone for a while."""
        self.stop()
        self._timer = asyncio.get_running_loop().call_later(IDLE_S, self._start)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _start(self) -> None:
        reports = [problem.report for problem in self._text.problems() if problem.report is not None][:_MOST]
        self._made = {report: self._made[report] for report in reports if report in self._made}
        self._step(self._missing(reports))

    def _missing(self, reports: Sequence[Report]) -> Iterator[Report]:
        return (report for report in reports if report.pattern.make_fix is not None and report not in self._made)

    def _step(self, missing: Iterator[Report]) -> None:
        report = next(missing, None)
        if report is None:
            self._timer = None
            return
        self._made[report] = preview(self._text, report)
        self._timer = asyncio.get_running_loop().call_later(_STEP_S, self._step, missing)


def preview(text: Open, report: Report) -> str | None:
    """The diff of a report's fix; None if it has none, or none that reaches the top of the ladder."""
    place = next(((one.chunk, one.state) for one in text.problems() if one.report is report), None)
    if place is None:
        return None
    fix = fix_of(text.checker, *place, report)
    if fix is None or attempt(text.checker, fix.edits, report).checker is None:
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
