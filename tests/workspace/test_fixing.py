"""Fixes on a whole text: safe ones to a fixpoint, imports placed, refusals told."""

from chatbt.analysis.scopes import FileFacts
from chatbt.source.document import Document
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.fixing import Fixed, fix_all
from chatbt.workspace.profile import Profile


def fixed(text: str, *, unsafe: bool = False, rules: frozenset[str] | None = None) -> Fixed:
    checker = Checker(Document.from_text("x.py", text), Profile(frozenset(patterns()), FileFacts((3, 11))))
    outcome = fix_all(checker, unsafe=unsafe, rules=rules)
    assert checker.document.text == text
    return outcome


def test_safe_fixes_are_applied_and_review_fixes_are_not() -> None:
    text = "def f(a=[]):\n    a.append(f'x')\n    return f'y'\n"
    outcome = fixed(text)
    assert outcome.checker.document.text == "def f(a=[]):\n    a.append('x')\n    return 'y'\n"
    assert outcome.applied == {"CC012": 2}


def test_review_fixes_are_applied_on_demand() -> None:
    outcome = fixed("def f(a=[]):\n    a.append(f'x')\n", unsafe=True)
    assert outcome.checker.document.text == "def f(a=None):\n    if a is None:\n        a = []\n    a.append('x')\n"


def test_only_the_named_rules_are_fixed() -> None:
    text = "def f(a=[]):\n    a.append(f'x')\n"
    assert fixed(text, unsafe=True, rules=frozenset(["CC012"])).applied == {"CC012": 1}


def test_line_endings_and_the_missing_last_one_are_kept() -> None:
    assert fixed("x = f'a'\r\ny = f'b'").checker.document.text == "x = 'a'\r\ny = 'b'"


def test_nested_findings_are_all_fixed() -> None:
    outcome = fixed(
        "def f():\n    def g(a, b=[]):\n        b.append(f'x')\n        return b\n    return g\n", unsafe=True
    )
    assert outcome.applied == {"CC001": 1, "CC012": 1}


def test_two_findings_in_one_line_are_both_fixed() -> None:
    assert fixed("print(f'a', f'a')\n").checker.document.text == "print('a', 'a')\n"
