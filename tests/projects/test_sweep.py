"""The sweep tells what it is there to tell."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbt.analysis.finding import Finding
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit, Fix, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range
from chatbt.specialists import crashes
from chatbt.specialists.pattern import Pattern
from chatbt.specialists.registry import patterns
from tests.projects.sweep import sweep

CODE = "import os\n\n\ndef f(a):\n    return a, f'x'\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(crashes, "_logged", set())
    path = tmp_path / "a.py"
    path.write_text(CODE, encoding="utf-8")
    return path


@pytest.fixture
def rule() -> Pattern:
    return patterns()["CC012"]


def test_good_patterns_leave_nothing_to_tell(file: Path) -> None:
    assert sweep([file], jobs=1) == []


def test_a_file_that_no_python_reads_is_left_out(file: Path) -> None:
    file.write_bytes(b"x = '\xff'\n")
    assert sweep([file], jobs=1) == []


def test_a_crash_of_a_pattern_is_told(file: Path, rule: Pattern, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(node: ast.AST, scope: Scope) -> Iterator[Finding]:
        raise KeyError("made for this test")

    monkeypatch.setattr(rule, "detect", crash)
    [fault] = sweep([file], jobs=1)
    assert fault.startswith(f"{file}:CC012") and "made for this test" in fault


def test_a_crash_of_the_checker_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyError("made for this test")

    monkeypatch.setattr("tests.projects.sweep.problems", crash)
    faults = sweep([file], jobs=1)
    assert f"{file}:KeyError: 'made for this test'" in faults
    assert any("in crash" in fault for fault in faults)


def test_a_finding_outside_its_file_is_told(file: Path, rule: Pattern, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(node: ast.AST, scope: Scope) -> Iterator[Finding]:
        yield Finding(node, "far away", stretch=Range.of(90, 0, 90, 1))

    monkeypatch.setattr(rule, "detect", find)
    [fault, *_] = sweep([file], jobs=1)
    assert fault.startswith(f"{file}:90:1 CC012 is found at ")


def test_a_fix_that_falls_is_told_where_it_is_offered_and_where_it_is_made(
    file: Path, rule: Pattern, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fix(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix:
        return safe("Break it", Edit(rewrite.place(finding.node), "("))

    monkeypatch.setattr(rule, "make_fix", fix)
    assert sweep([file], jobs=1) == [
        f"{file}:5: CC012 falls among other fixes: the result parses: the edited code has a syntax error",
        f"{file}:5:15 CC012 falls: the result parses: the edited code has a syntax error",
    ]


def test_what_another_rule_says_of_the_new_code_is_no_fault(
    file: Path, rule: Pattern, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fix(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix:
        return safe("Write a dict", Edit(rewrite.place(finding.node), "{1: 2, 1: 3}"))

    monkeypatch.setattr(rule, "make_fix", fix)
    assert sweep([file], jobs=1) == []
