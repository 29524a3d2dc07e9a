"""Run patterns over a chunk. A crash in one loses its findings in that chunk, is logged once, and nothing else."""

import ast
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from chatbt.analysis.finding import Finding, Severity
from chatbt.analysis.flow import is_unreachable
from chatbt.analysis.names import qualified, resolve
from chatbt.analysis.places import place
from chatbt.analysis.scopes import Scope
from chatbt.analysis.walk import Walked
from chatbt.source.document import Range
from chatbt.specialists.crashes import crashed
from chatbt.specialists.pattern import Pattern
from chatbt.specialists.registry import Table


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """A finding of a pattern in a chunk; `stretch` counts lines from the chunk's first, which is line 1."""

    pattern: Pattern
    finding: Finding
    scope: Scope
    stretch: Range
    severity: Severity
    related: tuple[tuple[Range, str], ...]


def run(walked: Walked, table: Table, known: Iterable[Report] = ()) -> list[Report]:
    """What the patterns of `table` find in a chunk, in the order of the text.

    `known` is what other patterns have found there, which some of these leave the place to.
    """
    reports: list[Report] = []
    for kind, nodes in walked.found.items():
        for pattern in table.by_type.get(kind, ()):
            _run(pattern, nodes, walked, reports)
    for pattern, calls in _calls(walked, table).items():
        _run(pattern, calls, walked, reports)
    reports.sort(key=lambda report: (report.stretch, report.pattern.id))
    return _undisputed(reports, known) if table.has_yielding else reports


def _undisputed(reports: Sequence[Report], known: Iterable[Report]) -> list[Report]:
    """The reports whose place no other pattern owns."""
    others = [*reports, *known]
    return [
        one
        for one in reports
        if not any(other.pattern.id in one.pattern.yields_to and other.stretch.touches(one.stretch) for other in others)
    ]


def _calls(walked: Walked, table: Table) -> dict[Pattern, list[tuple[ast.Call, Scope]]]:
    """The calls that patterns want to see by the name of what they call.

    An attribute's last part is the last part of its qualified name, so most calls need no look at any scope.
    """
    wanted: dict[Pattern, list[tuple[ast.Call, Scope]]] = {}
    by_callee, by_method, last_parts = table.by_callee, table.by_method, table.last_parts
    for pair in walked.found.get(ast.Call, ()):
        call, scope = pair
        function = call.func
        takers: Collection[Pattern] | None = None
        if function.__class__ is ast.Attribute:
            takers = by_method.get(function.attr)
            if function.attr in last_parts and (name := qualified(function, scope)) in by_callee:
                takers = dict.fromkeys([*(takers or ()), *by_callee[name]])
        elif function.__class__ is ast.Name and (name := resolve(function.id, scope)) in by_callee:
            takers = by_callee[name]
        if takers:
            for pattern in takers:
                wanted.setdefault(pattern, []).append(pair)
    return wanted


def _run(pattern: Pattern, nodes: Iterable[tuple[ast.AST, Scope]], walked: Walked, reports: list[Report]) -> None:
    mine: list[Report] = []
    detect = pattern.detect
    try:
        if pattern.needs is not None and not pattern.needs(walked):
            return
        for node, scope in nodes:
            for finding in detect(node, scope):
                if not is_unreachable(finding.node):
                    report = _report(pattern, finding, scope, walked)
                    mine.append(report)
    except Exception as error:
        crashed(pattern, error, "it is silent where that happens")
        return
    reports += mine


def _report(pattern: Pattern, finding: Finding, scope: Scope, walked: Walked) -> Report:
    stretch = finding.stretch or place(finding.node, walked)
    related = tuple((_relative(place(one.node, walked), walked), one.message) for one in finding.related)
    return Report(pattern, finding, scope, _relative(stretch, walked), finding.severity or pattern.severity, related)


def _relative(stretch: Range, walked: Walked) -> Range:
    return stretch.shifted(1 - walked.parsed.first)
