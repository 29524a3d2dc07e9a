"""Fixes on a whole text: safe ones to a fixpoint, imports placed, refusals told."""

from chatbt.analysis.scopes import FileFacts
from chatbt.source.document import Document
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.fixing import Fixed, fix_all
from chatbt.workspace.profile import Profile
from tests.suggestions import SAFE, SAFE_AFTER, STDLIB


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


def together(text: str, lines: range | None = None, rules: frozenset[str] | None = None) -> str:
    profile = Profile(frozenset(patterns()), FileFacts((3, 11)))
    checker = Checker(Document.from_text("x.py", text), profile)
    return fix_all(checker, everything=True, lines=lines, rules=rules).checker.document.text


def test_suggestions_are_made_on_demand() -> None:
    assert fixed(SAFE).checker.document.text == SAFE
    assert together(SAFE) == SAFE_AFTER


def test_what_is_left_to_ruff_is_fixed_on_demand() -> None:
    profile = Profile(frozenset(patterns()), FileFacts((3, 11)), left_to_ruff=frozenset(["CC012"]))
    for everything in (False, True):
        checker = Checker(Document.from_text("x.py", "x = f'a'\n"), profile)
        text = fix_all(checker, everything=everything).checker.document.text
        assert (text == "x = 'a'\n") is everything


def test_only_what_lies_in_the_lines_is_fixed_and_they_move_with_the_text() -> None:
    text = SAFE + STDLIB + SAFE * 3
    only = frozenset(["PY021", "SL005"])
    assert together(text, range(1, 4), only) == SAFE_AFTER + STDLIB + SAFE * 3
    after = together(text, range(4, 10), only)
    assert after.startswith("from itertools import pairwise\n")
    assert after.endswith(SAFE_AFTER + SAFE * 2) and after.count(SAFE_AFTER) == 1
