"""A pattern that crashes loses its own findings there, is logged once, and takes nothing else with it."""

import ast
import logging
from collections.abc import Iterator

import pytest

from chatbt.analysis.finding import Finding
from chatbt.analysis.scopes import FileFacts, Scope
from chatbt.rewriting.fix import Fix
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Document, Range
from chatbt.specialists import crashes
from chatbt.specialists.pattern import Pattern
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import problems
from chatbt.workspace.fixing import fix_all
from chatbt.workspace.profile import Profile

CODE = "def f(a=[]):\n    return a\n\n\ndef g(b, c=[]):\n    return b, c, f'x'\n"


@pytest.fixture(autouse=True)
def nothing_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crashes, "_logged", set())


@pytest.fixture
def rule() -> Pattern:
    return patterns()["CC001"]


def checked() -> Checker:
    return Checker(Document.from_text("x.py", CODE), Profile(frozenset(patterns()), FileFacts((3, 11))))


def ids(checker: Checker) -> list[str]:
    return [one.id for one in problems(checker)]


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def test_its_findings_are_lost_in_that_chunk_alone(monkeypatch: pytest.MonkeyPatch, rule: Pattern) -> None:
    find = rule.detect

    def crash_in_g(function: ast.FunctionDef, scope: Scope) -> Iterator[Finding]:
        yield from find(function, scope)
        if function.name == "g":
            raise KeyError(function.name)

    monkeypatch.setattr(rule, "detect", crash_in_g)
    assert ids(checked()) == ["CC001", "CC012"]


def test_it_is_logged_once_however_much_is_typed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, rule: Pattern
) -> None:
    def crash(function: ast.FunctionDef, scope: Scope) -> Iterator[Finding]:
        raise KeyError(function.name)

    monkeypatch.setattr(rule, "detect", crash)
    checker = checked()
    for _ in range(5):
        checker.edit(Range.of(2, 4, 2, 4), "0; ")
    assert logged(caplog) == ["CC001 (mutable-default-argument) failed: it is silent where that happens"]
    assert "in crash\n    raise KeyError(function.name)" in caplog.text


def test_another_crash_of_it_is_logged_too(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, rule: Pattern
) -> None:
    def crash(function: ast.FunctionDef, scope: Scope) -> Iterator[Finding]:
        raise KeyError if function.name == "f" else ValueError

    monkeypatch.setattr(rule, "detect", crash)
    checked()
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [KeyError, ValueError]


def test_a_fix_that_crashes_is_logged_once_and_the_others_are_made(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, rule: Pattern
) -> None:
    def crash(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix:
        raise KeyError

    monkeypatch.setattr(rule, "make_fix", crash)
    fixed = fix_all(checked(), unsafe=True)
    assert fixed.applied == {"CC012": 1}
    assert logged(caplog) == ["CC001 (mutable-default-argument) failed: no fix is offered where that happens"]
