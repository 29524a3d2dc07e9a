"""What can be done about a finding: each action's name, and its edit, which is made when it is asked for."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from chatbt.lsp.client import Json
from chatbt.lsp.collector import clear
from chatbt.lsp.documents import Open
from chatbt.lsp.edits import document_edit, workspace_edit
from chatbt.lsp.errors import CONTENT_MODIFIED, INVALID_PARAMS, REQUEST_FAILED, RefusedError
from chatbt.lsp.ignoring import ignore_in_file, ignore_in_project, ignore_on_line
from chatbt.lsp.notebooks import Notebook
from chatbt.lsp.session import Session
from chatbt.lsp.uris import to_uri
from chatbt.rewriting.apply import difference
from chatbt.rewriting.fix import Edit, Fix
from chatbt.source.document import Document, Position, Range
from chatbt.verification.ladder import Fall
from chatbt.workspace.checker import Checker
from chatbt.workspace.configuration import PYPROJECT
from chatbt.workspace.findings import Problem
from chatbt.workspace.fixing import fix_all, fix_of
from chatbt.workspace.trial import attempt

log = logging.getLogger(__name__)

FIX, EVERYWHERE, FIX_ALL = "fix", "everywhere", "fix-all"
ON_LINE, IN_FILE, IN_PROJECT = "ignore-line", "ignore-file", "ignore-project"


class Wanted(NamedTuple):
    """An action's `data`: what is to be done, about which finding of which version of a text."""

    do: str
    uri: str
    version: int | None
    id: str = ""
    line: int = 0
    column: int = 0

    @classmethod
    def of(cls, data: Any) -> "Wanted":
        """Read it back. RefusedError if it is none of ours."""
        try:
            wanted = cls(**data)
        except TypeError:
            raise RefusedError(INVALID_PARAMS, "codeAction/resolve: this is no action of chatbt") from None
        return wanted

    def as_data(self) -> Json:
        return self._asdict()


def about(do: str, text: Open, problem: Problem) -> Wanted:
    return Wanted(do, text.uri, text.version, problem.id, *problem.stretch.start)


def fix_for(text: Open, problem: Problem) -> Fix | None:
    """The fix of a problem, if it has one."""
    if problem.report is None:
        return None
    return fix_of(text.checker, problem.chunk, problem.state, problem.report)


async def edit_for(session: Session, wanted: Wanted) -> Json:
    """The edit of an action. RefusedError if there is none, or none any more."""
    text = session.documents.get(wanted.uri)
    if text is None or text.version != wanted.version:
        raise RefusedError(CONTENT_MODIFIED, "the text has changed since the action was offered")
    if wanted.do in (FIX_ALL, EVERYWHERE):
        only = frozenset([wanted.id]) if wanted.do == EVERYWHERE else None
        fixed = await fix_together(session, text, everything=only is not None, rules=only)
        if only and not fixed.applied:
            why = f": {fixed.refused[0].fall}" if fixed.refused else ""
            raise RefusedError(REQUEST_FAILED, f"{wanted.id} was fixed nowhere{why}")
        return edit_of(session, text, fixed.edits)
    problem = _found(text, wanted)
    if wanted.do == FIX:
        edits: Sequence[Edit] = _fix(text, problem)
    elif wanted.do == ON_LINE:
        edits = (ignore_on_line(text, problem),)
    elif wanted.do == IN_FILE:
        edits = (ignore_in_file(text, problem),)
    else:
        return _in_project(session, text, problem.id)
    return edit_of(session, text, edits)


def edit_of(session: Session, text: Open, edits: Sequence[Edit]) -> Json:
    """The edits for the client. RefusedError if one touches what is not as the client has it."""
    if isinstance(text, Notebook):
        edits = [text.within_cell(edit) for edit in edits]
    return workspace_edit(text, edits, session.client)


def _found(text: Open, wanted: Wanted) -> Problem:
    problem = text.find(wanted.id, Position(wanted.line, wanted.column))
    if problem is None:
        raise RefusedError(CONTENT_MODIFIED, f"{wanted.id} is no longer found there")
    return problem


def _fix(text: Open, problem: Problem) -> Sequence[Edit]:
    """The edits of the problem's fix, which have climbed the ladder."""
    fix = fix_for(text, problem)
    if fix is None or problem.report is None:
        raise RefusedError(REQUEST_FAILED, f"{problem.id} has no fix here")
    trial = attempt(text.checker, fix.edits, problem.report)
    if trial.fall is not None:
        raise RefusedError(
            REQUEST_FAILED, f"{fix.title}: not applied; the check “{trial.fall.rung}” failed: {trial.fall.reason}"
        )
    return fix.edits


class Refused(NamedTuple):
    """What was not fixed, where, and why."""

    id: str
    line: int
    fall: Fall


class Together(NamedTuple):
    """What many fixes come to: the edits, how many fixes of which pattern, and what the ladder refused."""

    edits: list[Edit]
    applied: Counter[str]
    refused: list[Refused]


async def fix_together(
    session: Session,
    text: Open,
    *,
    everything: bool = False,
    rules: frozenset[str] | None = None,
    lines: range | None = None,
) -> Together:
    """The safe fixes of a text, as `fix_all` makes them, in a thread on a checker of its own.

    RefusedError if the text has changed meanwhile.
    """
    document, profile = text.document, text.checker.profile

    def fix() -> Together:
        fixed = fix_all(Checker(document, profile), everything=everything, rules=rules, lines=lines)
        refused = [Refused(problem.id, problem.stretch.start.line, fall) for problem, fall in fixed.refused]
        return Together(difference(document, fixed.checker.document), fixed.applied, refused)

    def fix_and_clear() -> Together:
        made = fix()
        clear()
        return made

    fixed = await asyncio.to_thread(fix_and_clear)
    for rule, line, fall in fixed.refused:
        log.warning("%s:%d: %s was not fixed: %s", text.uri, line, rule, fall)
    if text.document is not document or session.documents.get(text.uri) is not text:
        raise RefusedError(CONTENT_MODIFIED, "the text has changed while its fixes were made")
    return fixed


# ---- the project's configuration


def project_file(session: Session, text: Open) -> Path | None:
    """The configuration file that governs a text, or the pyproject.toml that would; None if nothing says where."""
    if session.folders is None:
        return None
    effective = session.folders.effective(text.path)
    if effective.file is not None:
        return effective.file
    top = Path(effective.settings.root)
    if text.path is None or not text.path.is_relative_to(top):
        return top / PYPROJECT if session.folders.paths else None
    for folder in text.path.parents:
        if (folder / PYPROJECT).is_file() or folder == top:
            return folder / PYPROJECT
    return None


def _in_project(session: Session, text: Open, rule: str) -> Json:
    path = project_file(session, text)
    if path is None:
        raise RefusedError(REQUEST_FAILED, "no folder is open whose configuration could ignore it")
    try:
        current = path.read_bytes().decode("utf-8") if path.exists() else None
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(REQUEST_FAILED, f"{path} cannot be read: {error}") from error
    uri = to_uri(path)
    old = Document.from_text(uri, current or "")
    new = Document.from_text(uri, ignore_in_project(path, rule, current))
    changes = [{"range": _place(old, edit.stretch, session), "newText": edit.text} for edit in difference(old, new)]
    if not session.client.document_changes:
        return {"changes": {uri: changes}}
    create = [{"kind": "create", "uri": uri}] if current is None else []
    return {"documentChanges": [*create, document_edit(uri, None, changes)]}


def _place(document: Document, stretch: Range, session: Session) -> Json:
    edges = (document.to_client(edge, session.client.encoding) for edge in stretch)
    start, end = ({"line": line, "character": character} for line, character in edges)
    return {"start": start, "end": end}
