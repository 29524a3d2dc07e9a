"""How an iterator is used up."""

import ast

import pytest

from chatbt.analysis.consumption import consumption, is_repeated_in_comprehension
from chatbt.analysis.scopes import Scope
from chatbt.source.document import Document
from chatbt.workspace.checker import Checker
from chatbt.workspace.profile import Profile

IMPORTS = "from collections import Counter\ndef f(it, a):\n    xs = []\n    "


def first_read(code: str) -> tuple[ast.Name, Scope]:
    """The place where the function's `it` is read, and the function's scope."""
    checker = Checker(Document.from_text("example.py", IMPORTS + code), Profile(frozenset()))
    _, (_, state) = checker.chunks()
    (function,) = state.walked.module.children
    return next(function.all_loads("it")), function


@pytest.mark.parametrize(
    "code",
    [
        "list(it)",
        "max(it, key=a)",
        "Counter(it)",
        "','.join(it)",
        "xs.extend(it)",
        "sum(b for b in it)",
        "{b for b in it}",
        "for i, b in enumerate(it): print(b)",
        "list(map(str, it))",
        "for b in it:\n        for c in b:\n            break",
        "print(*it)",
        "yield from it",
    ],
)
def test_an_iterator_is_used_up_to_its_end_by(code: str) -> None:
    found = consumption(*first_read(code))
    assert found is not None and found.complete


@pytest.mark.parametrize(
    "code", ["any(it)", "zip(it, a)", "for b in it:\n        if b:\n            break", "a in it", "b, c = it"]
)
def test_an_iterator_is_used_but_maybe_not_to_its_end_by(code: str) -> None:
    found = consumption(*first_read(code))
    assert found is not None and not found.complete


@pytest.mark.parametrize("code", ["a(it)", "b = it", "max(it, a)", "map(str, it)", "a.extend(it)", "it in a", "it.x"])
def test_nothing_is_known_of(code: str) -> None:
    assert consumption(*first_read(code)) is None


@pytest.mark.parametrize("code", ["[list(it) for b in a]", "[c for b in a for c in it]", "[b for b in a if b in it]"])
def test_a_comprehension_evaluates_again_and_again(code: str) -> None:
    assert is_repeated_in_comprehension(first_read(code)[0])


@pytest.mark.parametrize("code", ["[b for b in it]", "list(it)", "[b for b in sorted(it)]"])
def test_no_comprehension_evaluates_again(code: str) -> None:
    assert not is_repeated_in_comprehension(first_read(code)[0])
