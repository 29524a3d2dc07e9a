"""Fixes at one place, in and over each other: whatever order they are made in, nothing is corrupted, and they end."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbt.analysis.places import comments_in
from chatbt.analysis.scopes import FileFacts
from chatbt.source.document import Document, Range
from chatbt.specialists.pattern import Pattern
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import problems
from chatbt.workspace.fixing import Fixed, fix_all, fix_of
from chatbt.workspace.profile import Profile
from chatbt.workspace.trial import attempt
from tests.workspace.nesting import compiles, nested

pytestmark = pytest.mark.slow
PROFILE = Profile(frozenset(patterns()), FileFacts((3, 11)))
MANY = 100
"""More fixes than any of these texts has."""
# `tests/run long` tries many more examples.
runs = pytest.mark.parametrize("run", ["gate", pytest.param("long", marks=pytest.mark.long)])


def _fail(pattern: Pattern, error: Exception, consequence: str) -> NoReturn:
    raise error


@pytest.fixture(scope="module", autouse=True)
def crashes_are_seen() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in ("chatbt.specialists.run", "chatbt.workspace.fixing"):
            patch.setattr(f"{module}.crashed", _fail)
        yield


def checked(text: str) -> Checker:
    return Checker(Document.from_text("x.py", text), PROFILE)


def together(text: str, *, unsafe: bool = False) -> Fixed:
    return fix_all(checked(text), everything=True, unsafe=unsafe)


def fixed(text: str) -> str:
    return together(text).checker.document.text


def found(checker: Checker) -> list[tuple[str, str, Range]]:
    return [(one.id, one.message, one.stretch) for one in problems(checker, suggestions=True)]


def comments(text: str) -> Counter[str]:
    return Counter(comment for _, _, comment, _ in comments_in(text))


def assert_sound(before: str, after: Checker) -> None:
    """What became of a text is Python with all its comments, and is known as if it were read for the first time."""
    text = after.document.text
    assert compiles(text)
    assert not comments(before) - comments(text)
    assert found(after) == found(checked(text))


def one_by_one(checker: Checker, order: random.Random, *, unsafe: bool) -> Checker:
    """The text after every fix, each made as a user would who asks for one here and one there."""
    for _ in range(MANY):
        known = [one for one in problems(checker, suggestions=True) if one.report is not None]
        order.shuffle(known)
        for problem in known:
            assert problem.report is not None
            fix = fix_of(checker, problem.chunk, problem.state, problem.report)
            if fix is None or not (fix.safe or unsafe):
                continue
            trial = attempt(checker, fix.edits, problem.report)
            if trial.checker is not None:
                checker = trial.checker
                checker.take_over()
                break
        else:
            return checker
    raise AssertionError("the fixes come to no end")


@runs
@given(text=nested(), unsafe=st.booleans())
def test_all_together_they_corrupt_nothing_and_leave_nothing(text: str, run: str, *, unsafe: bool) -> None:
    after = together(text, unsafe=unsafe)
    assert_sound(text, after.checker)
    assert together(after.checker.document.text, unsafe=unsafe).applied == {}


@runs
@given(text=nested(), seed=st.integers(0, 1_000_000), unsafe=st.booleans())
def test_in_any_order_they_corrupt_nothing_and_leave_nothing(text: str, seed: int, run: str, *, unsafe: bool) -> None:
    after = one_by_one(checked(text), random.Random(seed), unsafe=unsafe)
    assert_sound(text, after)
    assert together(after.document.text, unsafe=unsafe).applied == {}


@runs
@given(text=nested())
def test_the_layout_of_a_file_makes_no_difference(text: str, run: str) -> None:
    text = f"# Beside a byte order mark no statement has its line to itself.\n{text}"
    after = fixed(text)
    assert fixed(text.replace("\n", "\r\n")) == after.replace("\n", "\r\n")
    assert fixed(f"\ufeff{text}") == f"\ufeff{after}"


@runs
@given(text=nested())
def test_with_tabs_they_corrupt_nothing_and_leave_nothing(text: str, run: str) -> None:
    tabs = re.sub(r"^(?: {4})+", lambda margin: "\t" * (len(margin[0]) // 4), text, flags=re.MULTILINE)
    if compiles(tabs):
        after = together(tabs).checker
        assert_sound(tabs, after)
        assert fixed(after.document.text) == after.document.text
