"""textDocument/codeAction: fixes of the findings at a place, ways to ignore them, and all safe fixes of the file."""

import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

from lsprotocol import types

from chatbt.lsp.actions import (
    FIX,
    FIX_ALL,
    IN_FILE,
    IN_PROJECT,
    ON_LINE,
    Wanted,
    about,
    edit_for,
    fix_for,
    project_file,
)
from chatbt.lsp.capabilities import ACTION_KINDS, REPORT_FALSE_ALARM
from chatbt.lsp.capabilities import FIX_ALL as FIX_ALL_KIND
from chatbt.lsp.documents import Open
from chatbt.lsp.edits import plain_range
from chatbt.lsp.errors import RefusedError
from chatbt.lsp.session import Session
from chatbt.workspace.findings import Problem

log = logging.getLogger(__name__)

OPTIONS = types.CodeActionOptions(code_action_kinds=list(ACTION_KINDS), resolve_provider=True)

REVIEW = " (review)"


async def code_action(session: Session, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    text = session.documents.get(params.text_document.uri)
    if text is None or not session.client.action_literals:
        return None
    only = params.context.only
    actions: list[types.CodeAction] = []
    if _is_wanted(types.CodeActionKind.QuickFix, only):
        actions += quick_fixes(session, text, params)
    if _is_wanted(FIX_ALL_KIND, only) and (only or session.client.resolves):
        wanted = Wanted(FIX_ALL, text.uri, text.version)
        actions.append(types.CodeAction(title="Apply all safe fixes", kind=FIX_ALL_KIND, data=wanted.as_data()))
    if session.client.resolves:
        return actions
    return [action async for action in _resolved(session, actions)]


def quick_fixes(session: Session, text: Open, params: types.CodeActionParams) -> Iterator[types.CodeAction]:
    """What can be done about each finding at the place: fixes first."""
    place = text.from_client(params.text_document.uri, plain_range(params.range))
    if place is None:
        return
    found = [problem for problem in text.problems() if problem.report is not None and problem.stretch.touches(place)]
    for problem in found:
        fix = fix_for(text, problem)
        if fix is not None:
            yield types.CodeAction(
                title=fix.title if fix.safe else fix.title + REVIEW,
                kind=types.CodeActionKind.QuickFix,
                diagnostics=_shown_as(problem, text, params.context.diagnostics),
                is_preferred=True if fix.safe and session.client.preferred else None,
                data=about(FIX, text, problem).as_data(),
            )
    path = project_file(session, text)
    can_write = path is not None and (path.exists() or session.client.creates_files)
    ways = [
        (ON_LINE, "on this line"),
        (IN_FILE, "in this file"),
        *([(IN_PROJECT, "in this project")] if can_write else []),
    ]
    for problem in {problem.id: problem for problem in reversed(found)}.values():
        diagnostics = _shown_as(problem, text, params.context.diagnostics)
        for do, where in ways if can_write else ways[:2]:
            yield types.CodeAction(
                title=f"Ignore {problem.id} {where}",
                kind=types.CodeActionKind.QuickFix,
                diagnostics=diagnostics,
                data=about(do, text, problem).as_data(),
            )
        yield _false_alarm(problem, text, diagnostics)


def _false_alarm(problem: Problem, text: Open, diagnostics: list[types.Diagnostic] | None) -> types.CodeAction:
    title = f"Report {problem.id} as a false alarm"
    return types.CodeAction(
        title=title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=diagnostics,
        command=types.Command(
            title=title, command=REPORT_FALSE_ALARM, arguments=[text.uri, problem.id, *problem.stretch.start]
        ),
    )


async def _resolved(session: Session, actions: Iterable[types.CodeAction]) -> AsyncIterator[types.CodeAction]:
    """The actions with their edits; those that have none are left out, and the log says why."""
    for action in actions:
        if action.command is None:
            try:
                action.edit = await edit_for(session, Wanted.of(action.data))
            except RefusedError as refusal:
                log.info("%s is not offered: %s", action.title, refusal)
                continue
            action.data = None
        yield action


def _is_wanted(kind: str, only: Sequence[str] | None) -> bool:
    return not only or any(one in ("", kind) or kind.startswith(f"{one}.") for one in only)


def _shown_as(problem: Problem, text: Open, diagnostics: Iterable[types.Diagnostic]) -> list[types.Diagnostic] | None:
    """The client's diagnostics that are this problem."""
    _, place = text.to_client(problem.stretch)
    same = [one for one in diagnostics if one.code == problem.id and plain_range(one.range) == place]
    return same or None
