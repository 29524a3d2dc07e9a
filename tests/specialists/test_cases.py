"""Every pattern against its cases file, and the example of its documentation as a case."""

from pathlib import Path

import pytest

from chatbt.analysis.scopes import FileFacts
from chatbt.rewriting.apply import apply
from chatbt.rewriting.fix import Fix
from chatbt.source.document import Document, Range
from chatbt.specialists.cards import card_of
from chatbt.specialists.pattern import Pattern
from chatbt.specialists.registry import patterns
from chatbt.specialists.run import Report
from chatbt.workspace.checker import Checker
from chatbt.workspace.fixing import fix_of
from chatbt.workspace.profile import Profile
from tests.specialists.cases import Case, read_cases

HERE = Path(__file__).parent


def cases_file(pattern: Pattern) -> Path:
    return HERE / pattern.specialist / f"{pattern.module.rpartition('.')[2]}.md"


def all_cases() -> list[object]:
    found: list[object] = []
    for pattern in patterns().values():
        file = cases_file(pattern)
        cases = read_cases(file) if file.exists() else []
        found += [pytest.param(pattern, case, id=f"{pattern.id}: {case.name}") for case in cases]
    return found


def check(pattern: Pattern, case: Case) -> tuple[list[Range], list[Report], list[Fix | None], Document]:
    document = Document.from_text(case.path, case.code)
    file = FileFacts(case.target, stub=case.path.endswith(".pyi"), test=Path(case.path).name.startswith("test_"))
    checker = Checker(document, Profile(frozenset([pattern.id]), file))
    ranges, reports, fixes = [], [], []
    for chunk, state in checker.chunks():
        assert state.fault is None, state.fault
        for report in checker.suggestions(chunk) if pattern.is_suggestion else state.reports:
            ranges.append(report.stretch.shifted(chunk.start))
            reports.append(report)
            fixes.append(fix_of(checker, chunk, state, report))
    return ranges, reports, fixes, document


@pytest.mark.parametrize(("pattern", "case"), all_cases())
def test_case(pattern: Pattern, case: Case) -> None:
    ranges, reports, fixes, document = check(pattern, case)
    assert [document.slice(one) for one in ranges] == [document.slice(one) for one in case.marked]
    assert ranges == list(case.marked)
    assert case.silent == (not ranges), "a case without findings starts with 'silent:' and its reason"
    messages = [report.finding.message for report in reports]
    assert all(case.message in message for message in messages), messages
    assert not case.severity or {report.severity for report in reports} == {case.severity}
    if case.no_fix:
        assert fixes == [None] * len(fixes)
    if case.fixed is not None:
        fix = fixes[0]
        assert fix is not None, "the finding has no fix"
        assert apply(document, fix.edits).text == case.fixed
        assert case.fix_class == ("safe" if fix.safe else "review")


@pytest.mark.parametrize("pattern", patterns().values(), ids=patterns().keys())
def test_a_pattern_has_cases_that_match_and_cases_that_do_not(pattern: Pattern) -> None:
    cases = read_cases(cases_file(pattern))
    assert any(case.silent for case in cases)
    assert any(not case.silent for case in cases)
    assert any(case.fixed is not None for case in cases) == (pattern.make_fix is not None)


@pytest.mark.parametrize("pattern", patterns().values(), ids=patterns().keys())
def test_the_example_of_a_page_is_found_and_the_better_code_is_not(pattern: Pattern) -> None:
    card, target = card_of(pattern), max((3, 11), pattern.python)
    before = Case("before", card.before, (), "", None, "", False, "", target, "example.py")
    ranges, _, fixes, document = check(pattern, before)
    assert ranges, "the example is not found"
    after = Case("after", card.after, (), "", None, "", False, "", target, "example.py")
    assert not check(pattern, after)[0], "the better code is found too"
    if pattern.make_fix is not None and fixes[0] is not None:
        assert apply(document, fixes[0].edits).text == card.after
