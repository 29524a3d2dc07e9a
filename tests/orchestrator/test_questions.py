"""The questions themselves: enough of them, each in its own words, none with the answer in it, the labels right."""

import ast
import re
from itertools import combinations
from typing import Any

import pytest

from chatbt.analysis.scopes import FileFacts
from chatbt.source.document import Document
from chatbt.specialists.cards import card_of
from chatbt.specialists.registry import names, patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.profile import Profile
from tests.orchestrator.questions import FOLDER, Question, Which, answerable, question_of, questions, unanswerable

SETS: tuple[Which, ...] = ("tuning", "frozen")
ALL = [question for which in SETS for question in questions(which)]

# Words that say nothing of what a question is about.
COMMON = frozenset(
    "a all an and any are as at be but by can do does for from get has have how i if in is it its line me my no not of "
    "on one or so some that the then there this to up was way what when where which why with without you".split()
)
ALIKE = 0.4

IMPORTS = """\
import asyncio, csv, json, logging, random, re, requests, subprocess, time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

log = logger = logging.getLogger(__name__)


"""


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("_", " "))


def likeness(one: str, other: str) -> float:
    """The share of the telling words of both texts that they have in common."""
    here, there = set(words(one)) - COMMON, set(words(other)) - COMMON
    return len(here & there) / len(here | there) if here and there else float(one == other)


def quoted(text: str) -> list[str]:
    """The titles, names and ids of patterns that stand in a text as they are."""
    asked = f" {' '.join(words(text))} "
    said = [*names(), *(card_of(pattern).title for pattern in patterns().values())]
    return [one for one in said if f" {' '.join(words(one))} " in asked]


def found_in(one: Question) -> set[str]:
    """The patterns that find something in the selection, with the imports that its file is taken to have."""
    everything = Profile(frozenset(patterns()), FileFacts((3, 12)))
    checker = Checker(Document.from_text("asked.py", IMPORTS + one.code), everything)
    found = set()
    for chunk, state in checker.chunks():
        found |= {report.pattern.id for report in (*state.reports, *checker.suggestions(chunk))}
    return found


@pytest.mark.parametrize("which", SETS)
def test_there_are_enough(which: Which) -> None:
    assert len(answerable(which)) == 110
    assert len(unanswerable(which)) == 30
    assert 0.25 < sum(bool(one.code) for one in answerable(which)) / 110 < 0.45


@pytest.mark.parametrize("which", SETS)
def test_every_pattern_is_the_best_answer_to_some_question(which: Which) -> None:
    assert {one.patterns[0] for one in answerable(which)} == patterns().keys()


@pytest.mark.parametrize("which", SETS)
def test_the_labels_are_the_specialists_of_the_patterns(which: Which) -> None:
    for one in answerable(which):
        specialists = [patterns()[pattern].specialist for pattern in one.patterns]
        assert one.labels == tuple(dict.fromkeys(specialists)), one.text
        assert len(set(one.patterns)) == len(one.patterns) <= 3, one.text
    assert all(one.answerable for one in answerable(which))
    assert not any(one.answerable or one.patterns for one in unanswerable(which))


def test_none_quotes_a_title_or_a_name() -> None:
    assert {one.text: found for one in ALL if (found := quoted(one.text))} == {}


def test_no_two_are_alike() -> None:
    alike = [(one.text, other.text) for one, other in combinations(ALL, 2) if likeness(one.text, other.text) > ALIKE]
    assert alike == []


def test_no_two_selections_are_the_same() -> None:
    selections = [ast.dump(ast.parse(one.code)) for one in ALL if one.code and one.answerable]
    assert len(set(selections)) == len(selections)


@pytest.mark.parametrize("which", SETS)
def test_a_selection_holds_what_the_question_is_about_and_nothing_else(which: Which) -> None:
    asked = [one for one in answerable(which) if one.code]
    found = [found_in(one) for one in asked]
    assert [one.text for one, there in zip(asked, found, strict=True) if not there <= set(one.patterns)] == []
    assert sum(map(bool, found)) >= 0.9 * len(asked)
    assert [one.text for one in unanswerable(which) if one.code and found_in(one)] == []


def test_the_frozen_ones_say_that_they_are() -> None:
    warning = "Whoever tunes the router must not read"
    head, _, _ = (FOLDER / "frozen.toml").read_text(encoding="utf-8").partition("[[question]]")
    assert warning in head
    before, _, behind = (FOLDER / "unanswerable.toml").read_text(encoding="utf-8").partition(warning)
    assert before.count('set = "tuning"') == 30 and 'set = "frozen"' not in before
    assert behind.count('set = "frozen"') == 30 and 'set = "tuning"' not in behind


def test_a_quoted_title_is_seen() -> None:
    assert quoted("What is a Mutable  default argument?") == ["mutable-default-argument", "Mutable default argument"]
    assert quoted("is there something like functools.cached_property") == [
        "cached-property",
        "functools.cached_property",
    ]
    assert quoted("see CC001") == ["CC001"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": "critic"}, "perhaps code"),
        ({"label": "reviewer"}, "neither"),
        ({"label": ["critic", "none"]}, "neither"),
        ({"label": []}, "neither"),
        ({"label": "none"}, "belong"),
        ({"patterns": []}, "belong"),
        ({"text": " \n"}, "empty"),
        ({"code": ""}, "empty"),
    ],
)
def test_a_question_without_sense_is_refused(change: dict[str, Any], message: str) -> None:
    right = {"text": "why?", "label": "critic", "patterns": ["CC001"]}
    assert question_of(right).labels == ("critic",)
    with pytest.raises(ValueError, match=message):
        question_of(right | change)
