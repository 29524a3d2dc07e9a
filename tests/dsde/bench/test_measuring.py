"""Runs in turn, and the engine's figures added up."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chatbt.dsde.bench.measuring import Tally, measure
from chatbt.dsde.bench.prompts import Prompt
from chatbt.dsde.bench.runners import Answers
from chatbt.dsde.params import Stats


class Echo:
    """Answers with the prompt, and notes when it was asked."""

    def __init__(self, name: str, asked: list[str]) -> None:
        self.name = name
        self.asked = asked

    def answer(self, prompts: Sequence[Sequence[int]], longest: int, temperature: float) -> Answers:
        self.asked.append(self.name)
        assert (longest, temperature) == (4, 0.0)
        return Answers([tuple(prompt) for prompt in prompts])


def told(lengths: Sequence[tuple[int, int]]) -> Stats:
    """Of rounds with so many drafted and accepted tokens; each takes 1 s to draft, 2 to verify and 1 besides."""
    stats = Stats()
    for drafted, accepted in lengths:
        stats.record(drafted, accepted, 0.1, 1.0, True, (1.0, 2.0, 1.0), 3.0)
    stats.tokens = sum(accepted + 1 for _, accepted in lengths)
    return stats


def test_every_runner_answers_a_prompt_before_the_next_is_asked() -> None:
    asked: list[str] = []
    runners = [Echo(name, asked) for name in "abc"]
    measure(runners, [(Prompt("one", (1,)),), (Prompt("one", (2,)),)], rounds=2, longest=4)
    warm_up, rest = asked[:3], asked[3:]
    assert warm_up == ["a", "b", "c"]
    assert [sorted(rest[at : at + 3]) for at in range(0, len(rest), 3)] == [["a", "b", "c"]] * 4


def test_the_first_in_turn_changes() -> None:
    asked: list[str] = []
    measure([Echo(name, asked) for name in "abc"], [(Prompt("one", (1,)),)], rounds=3, longest=4)
    assert {asked[at] for at in (3, 6, 9)} == {"a", "b", "c"}


def test_a_row_has_the_answers_of_one_repeat_and_the_seconds_of_all() -> None:
    jobs = [(Prompt("one", (1, 2)),), (Prompt("one", (3,)),), (Prompt("two", (4,)),)]
    rows = measure([Echo("a", [])], jobs, rounds=3, longest=4)
    assert rows["one"]["a"].answers == [(1, 2), (3,)]
    assert rows["one"]["a"].tokens == 3
    assert len(rows["two"]["a"].seconds) == 3


def test_acceptance_is_of_all_drafted_tokens() -> None:
    tally = Tally()
    tally.add(told([(4, 4), (4, 0)]))
    tally.add(told([(2, 1)]))
    assert tally.acceptance == pytest.approx(5 / 10)
    assert tally.progress == pytest.approx(8 / 3)
    assert tally.as_dict()["acceptance at"] == pytest.approx([2 / 3, 1 / 3, 1 / 2, 1 / 2])
    assert tally.lengths == {4: 2, 2: 1}


def test_a_round_is_split_into_draft_verification_and_host() -> None:
    tally = Tally()
    tally.add(told([(1, 1)]))
    assert tally.split == pytest.approx((0.25, 0.5, 0.25))


def test_the_estimate_is_plain_time_over_the_time_of_the_rounds() -> None:
    tally = Tally()
    tally.add(told([(3, 3), (3, 0)]))  # five tokens of 3 s, in two rounds of 4 s
    assert tally.estimate == pytest.approx(15 / 8)
    assert told([(3, 3), (3, 0)]).speedup == pytest.approx(15 / 8)


def test_without_rounds_nothing_was_gained() -> None:
    assert Stats().speedup == 1.0
