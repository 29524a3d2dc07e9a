"""A review without a model: the findings of a file by importance, as a list."""

from collections import Counter

from chatbt.analysis.finding import Severity
from chatbt.orchestrator.card import capital
from chatbt.orchestrator.fencing import one_line
from chatbt.orchestrator.grounding.ground import Subject
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import problems

_GROUPS = {"bug": 0, "security": 1, "performance": 2, "practice": 3}
_MOST = 50


def by_importance(checker: Checker) -> list[Subject]:
    """The findings of a file: errors first, bugs before practice, then as they stand in the text."""
    severities = list(Severity)

    def rank(subject: Subject) -> tuple[int, int]:
        group = subject.pattern.group if subject.pattern else "bug"
        return severities.index(subject.problem.severity), _GROUPS[group]

    return sorted((Subject(checker, one) for one in problems(checker) if one.shown), key=rank)


def listed(found: list[Subject]) -> str:
    """The findings as a list in Markdown, under how many there are of which."""
    if not found:
        return "Nothing was found."
    counted = Counter(one.problem.severity for one in found)
    kinds = ", ".join(f"{counted[one]} {one}{'s' if counted[one] > 1 else ''}" for one in Severity if counted[one])
    lines = [f"{len(found)} finding{'s' if len(found) > 1 else ''}: {kinds}.", ""]
    for one in found[:_MOST]:
        problem = one.problem
        lines.append(f"- Line {problem.stretch.start.line}: {capital(one_line(problem.message))} (`{problem.id}`)")
    if len(found) > _MOST:
        lines.append(f"- and {len(found) - _MOST} more")
    return "\n".join(lines)


def in_short(found: list[Subject]) -> str:
    """What a review comes to, in prose, without a model."""
    named = [one for one in found if one.pattern]
    if not named:
        return ""
    counted = Counter(one.problem.id for one in named)
    id_, count = counted.most_common(1)[0]
    first = named[0].problem
    text = f"Begin with line {first.stretch.start.line}, which matters most here (`{first.id}`)."
    if count > 1:
        text += f" What comes most often is `{id_}` {patterns()[id_].name}: {count} times."
    return text
