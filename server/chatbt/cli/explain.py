"""Have a finding explained, in words that the model writes for this code.

Explains what is found in the line, the gravest if there are several and no rule is named. Without an engine the rule's
card stands there. Ends with 0 if it was explained, with 1 if the card stands in the explanation's place, and with 2 if
there is nothing to explain.
"""

import argparse
import re
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from chatbt.cli.options.refusal import RefusalError
from chatbt.cli.options.speaking import checked, speaking_arguments, spoken

if TYPE_CHECKING:
    from chatbt.orchestrator.speaker import Subject

_PLACE = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?::\d+)?:?$")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("place", metavar="FILE:LINE", help="the file and the line, as `chatbt check` shows them")
    parser.add_argument("--rule", metavar="RULE", help="the rule that is meant, where several speak")
    speaking_arguments(parser)


def run(options: Namespace) -> int:
    place = _PLACE.match(options.place)
    if place is None:
        raise RefusalError(f"{options.place}: a place is FILE:LINE, as in app.py:12")
    subject = _found(Path(place["file"]), int(place["line"]), options.rule)
    problem = subject.problem
    about = {"file": place["file"], "line": problem.stretch.start.line, "code": problem.id, "message": problem.message}
    return spoken(options, lambda speaker: speaker.explain(subject), **about)


def _found(file: Path, line: int, rule: str | None) -> "Subject":
    """What is found in a line, of a rule if one is named."""
    from chatbt.analysis.finding import Severity
    from chatbt.orchestrator.grounding.ground import Subject
    from chatbt.specialists.registry import names
    from chatbt.workspace.findings import problems

    checker = checked(file)
    lines = len(checker.document.lines)
    if not 1 <= line <= lines:
        raise RefusalError(f"{file} has {lines} lines, and no line {line}")
    wanted = None
    if rule is not None:
        wanted = names().get(rule) or names().get(rule.upper())
        if wanted is None:
            raise RefusalError(f"there is no rule {rule}: `chatbt rules` lists them")
    here = [
        one
        for one in problems(checker, suggestions=True)
        if one.stretch.start.line <= line <= one.stretch.end.line and wanted in (None, one.id)
    ]
    if not here:
        raise RefusalError(f"{file}:{line}: nothing is found there{f' by {wanted}' if wanted else ''}")
    gravity = list(Severity)
    best = min(here, key=lambda one: (not one.shown, gravity.index(one.severity), one.extent))
    return Subject(checker, best)
