"""What is offered at a place: fixes of what is found there, ways to ignore it, suggestions made here or everywhere."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from chatbt.lsp.actions import EVERYWHERE, FIX, IN_FILE, IN_PROJECT, ON_LINE, Wanted, about, fix_for, project_file
from chatbt.lsp.capabilities import MODERNISE, QUICK_FIX, REPORT_FALSE_ALARM, REWRITE, REWRITES, table
from chatbt.lsp.client import Json
from chatbt.lsp.documents import Open
from chatbt.lsp.session import Session
from chatbt.rewriting.fix import Fix
from chatbt.source.document import Range
from chatbt.specialists.pattern import Pattern
from chatbt.workspace.findings import Problem

REVIEW = " (review)"
_MOST = 5
_CANDIDATES = 20
_BUDGET_S = 0.003
"""Of a processor, for looking through the rest of a text. What was seen is kept, so the next request gets further."""


def quick_fixes(session: Session, text: Open, place: Range, diagnostics: Sequence[Json]) -> Iterator[Json]:
    """What can be done about each finding at the place: fixes first."""
    found = [problem for problem in text.problems() if problem.report is not None and problem.stretch.touches(place)]
    for problem in found:
        fix = fix_for(text, problem)
        if fix is not None:
            yield _fix(session, text, problem, fix, QUICK_FIX, diagnostics)
    yield from _ignores(session, text, found, QUICK_FIX, diagnostics)


def rewrites(
    session: Session, text: Open, place: Range, wanted: Callable[[str], bool], *, everywhere: bool
) -> Iterator[Json]:
    """The suggestions at the place, the most specific first, a few at most; `everywhere` repeats them in the file.

    Those that are drawn have quick fixes, and come here only where these are not wanted.
    """
    if not any(map(wanted, REWRITES.values())):
        return
    drawn_elsewhere = wanted(QUICK_FIX)
    offered: dict[str, tuple[Problem, Pattern, Fix]] = {}
    for problem in specific_first(text, place):
        fix = fix_for(text, problem)
        pattern = problem.report.pattern if problem.report else None
        if fix is None or pattern is None or not wanted(REWRITES[pattern.specialist]):
            continue
        if not (problem.shown and drawn_elsewhere):
            offered.setdefault(titled(fix), (problem, pattern, fix))
        if len(offered) == _MOST:
            break
    safe = {problem.id for problem, _, fix in offered.values() if fix.safe}
    repeated = _found_again(text, safe) if everywhere and safe else set()
    for problem, pattern, fix in offered.values():
        kind = REWRITES[pattern.specialist]
        yield _fix(session, text, problem, fix, kind, ())
        if fix.safe and problem.id in repeated:
            repeated.discard(problem.id)
            # The fix's own title may speak of this place alone.
            title = f"Apply {problem.id} ({problem.name}) everywhere in this file"
            again = Wanted(EVERYWHERE, text.uri, text.version, problem.id)
            yield {"title": title, "kind": kind, "data": again.as_data()}
    if wanted(f"{REWRITE}.ignore"):
        yield from _ignores(session, text, [one for one, _, _ in offered.values()], f"{REWRITE}.ignore", ())


def modernising(session: Session, text: Open, uri: str, place: Range) -> Iterator[Json]:
    """The command that makes all suggestions of a selection, if it has several lines and there may be one."""
    lines = whole_lines(place)
    if len(lines) < 2 or not session.client.applies_edits or not _has_suggestions(text, place, lines):
        return
    title = "Modernise the selection"
    _, selected = text.to_client(place)
    command = {"title": title, "command": MODERNISE, "arguments": [uri, selected]}
    yield {"title": title, "kind": REWRITE, "command": command}


def whole_lines(stretch: Range) -> range:
    """The lines that a selection means; it may end at the start of the line behind the last."""
    start, end = stretch
    last = end.line - 1 if end.column == 0 and end.line > start.line else end.line
    return range(start.line, last + 1)


def titled(fix: Fix) -> str:
    """What the menu says of a fix."""
    return fix.title if fix.safe else fix.title + REVIEW


def _fix(
    session: Session,
    text: Open,
    problem: Problem,
    fix: Fix,
    kind: str,
    diagnostics: Sequence[Json],
) -> Json:
    action = _action(titled(fix), kind, shown_as(problem, text, diagnostics), data=about(FIX, text, problem).as_data())
    if fix.safe and session.client.preferred:
        action["isPreferred"] = True
    return action


def _action(title: str, kind: str, diagnostics: list[Json], **how: Any) -> Json:
    """An action, with those of the client's diagnostics that it is for, if there are any."""
    return {"title": title, "kind": kind, **({"diagnostics": diagnostics} if diagnostics else {}), **how}


def specific_first(text: Open, place: Range) -> list[Problem]:
    """The suggestions at a place, from the shortest stretch on; of a long selection those of its first chunks."""
    found: list[Problem] = []
    for some in text.suggestions(place):
        found += some
        if len(found) >= _CANDIDATES:
            break
    return sorted(found, key=lambda one: (one.extent, one.stretch, one.id))[:_CANDIDATES]


def _found_again(text: Open, rules: set[str]) -> set[str]:
    """Those of some patterns that are found more than once in the text, as far as is known."""
    counted: Counter[str] = Counter()
    end = time.thread_time() + _BUDGET_S
    for some in text.suggestions():
        counted.update(problem.id for problem in some if problem.id in rules)
        if time.thread_time() > end or all(counted[rule] > 1 for rule in rules):
            break
    return {rule for rule, count in counted.items() if count > 1}


def _has_suggestions(text: Open, place: Range, lines: range) -> bool:
    """Whether a selection has a suggestion in it; yes if that takes too long to find out."""
    end = time.thread_time() + _BUDGET_S
    for some in text.suggestions(place):
        inside = (one for one in some if one.stretch.start.line in lines and one.stretch.end.line in lines)
        if time.thread_time() > end or any(inside):
            return True
    return False


def _ignores(
    session: Session, text: Open, found: Iterable[Problem], kind: str, diagnostics: Sequence[Json]
) -> Iterator[Json]:
    """Ways to ignore each pattern that was found, and to report it as wrong."""
    path = project_file(session, text)
    can_write = path is not None and (path.exists() or session.client.creates_files)
    ways = [
        (ON_LINE, "on this line"),
        (IN_FILE, "in this file"),
        *([(IN_PROJECT, "in this project")] if can_write else []),
    ]
    for problem in {problem.id: problem for problem in reversed([*found])}.values():
        shown = shown_as(problem, text, diagnostics)
        for do, where in ways:
            yield _action(f"Ignore {problem.id} {where}", kind, shown, data=about(do, text, problem).as_data())
        title = f"Report {problem.id} as a false alarm"
        arguments = [text.uri, problem.id, *problem.stretch.start]
        command = {"title": title, "command": REPORT_FALSE_ALARM, "arguments": arguments}
        yield _action(title, kind, shown, command=command)


def shown_as(problem: Problem, text: Open, diagnostics: Iterable[Json]) -> list[Json]:
    """The client's diagnostics that are this problem."""
    _, place = text.to_client(problem.stretch)
    return [one for one in diagnostics if table(one).get("code") == problem.id and one.get("range") == place]
