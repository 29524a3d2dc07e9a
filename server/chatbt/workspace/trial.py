"""Try an edit on a copy of what is known of a file, and take it up the ladder."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatbt.rewriting.apply import ordered
from chatbt.rewriting.fix import Edit
from chatbt.source.chunks import Chunk
from chatbt.source.document import Document, Position, Range, split_lines
from chatbt.specialists.run import Report
from chatbt.verification.generated import climb_generated
from chatbt.verification.ladder import Fall, Piece, Rung, climb
from chatbt.workspace.checker import Checker, State

_NEAR = 10
"""Lines between two edits that are tried as one."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of an edit: the checker of the text after it, or the fall that kept it from the text."""

    checker: Checker | None
    fall: Fall | None = None


def attempt(checker: Checker, edits: Sequence[Edit], report: Report) -> Trial:
    """Try `edits`, which mend `report`; `checker` is left as it is."""
    return _tried(checker, edits, report)


def attempt_generated(checker: Checker, edits: Sequence[Edit]) -> Trial:
    """Try `edits` that a model has written; `checker` is left as it is."""
    return _tried(checker, edits, None)


def _tried(checker: Checker, edits: Sequence[Edit], report: Report | None) -> Trial:
    try:
        in_order = ordered(edits)
    except ValueError as error:
        return Trial(None, Fall(Rung.PARSES, str(error)))
    tried = checker.fork()
    for edit in reversed(_joined(in_order, checker.document)):
        tried.edit(edit.stretch, edit.text, checker.document.version)
    old = {state.key: state for _, state in checker.chunks()}
    new = {state.key: state for _, state in tried.chunks()}
    places = [_whole_lines(edit.stretch) for edit in in_order]
    gone = [one for one in checker.chunks() if new.get(one[1].key) is not one[1]]
    come = [one for one in tried.chunks() if old.get(one[1].key) is not one[1]]
    before = [_piece(*one, _reports(checker, *one, report), places) for one in gone]
    after = [_piece(*one, _reports(tried, *one, report), made(in_order)) for one in come]
    fall = climb(before, after, report.pattern.id) if report else climb_generated(before, after)
    return Trial(None, fall) if fall else Trial(tried)


def _joined(in_order: Sequence[Edit], document: Document) -> list[Edit]:
    """The same change in fewer edits: those near each other become one, for each costs the chunks that it touches."""
    found: list[Edit] = []
    for edit in in_order:
        start, end = (found[-1].stretch.start, found[-1].stretch.end) if found else edit.stretch
        if found and edit.stretch.start.line - end.line <= _NEAR and edit.stretch.end <= document.end:
            between = document.slice(Range(end, edit.stretch.start))
            found[-1] = Edit(Range(start, edit.stretch.end), f"{found[-1].text}{between}{edit.text}")
        else:
            found.append(edit)
    return found


def _reports(checker: Checker, chunk: Chunk, state: State, mended: Report | None) -> Sequence[Report]:
    """What is found in a chunk: by the rules, and by the pattern whose finding is mended."""
    if mended is None or not mended.pattern.is_suggestion:
        return state.reports
    return [*state.reports, *(one for one in checker.suggestions(chunk) if one.pattern is mended.pattern)]


def _piece(chunk: Chunk, state: State, reports: Sequence[Report], touched: Sequence[Range]) -> Piece:
    here = [one.shifted(-chunk.start) for one in touched if one.start.line <= chunk.stop and one.end.line > chunk.start]
    parsed = chunk.parsed
    return Piece(parsed.text, parsed.body, parsed.first, state.fault is not None, reports, here)


def made(in_order: Sequence[Edit]) -> list[Range]:
    """Where the new texts of ordered edits stand after all of them; what takes whole lines away makes none."""
    places: list[Range] = []
    lines = 0
    for edit in in_order:
        added = len(split_lines(edit.text)) if edit.text else 0
        height = max(added - (0 if edit.text.endswith(("\n", "\r")) else 1), 0)
        start = edit.stretch.start.line + lines
        if edit.text or edit.stretch.start.column or edit.stretch.end.column:
            # Whole lines: the columns of several edits in one line are not kept apart.
            places.append(Range(Position(start, 0), Position(start + height, 1 << 30)))
        lines += height - (edit.stretch.end.line - edit.stretch.start.line)
    return places


def _whole_lines(stretch: Range) -> Range:
    return Range(Position(stretch.start.line, 0), Position(stretch.end.line, 1 << 30))
