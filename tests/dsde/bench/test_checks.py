"""Answers that are not those of plain decoding."""

from __future__ import annotations

from chatbt.dsde.bench.checks import Difference, differences, parting
from chatbt.dsde.bench.measuring import Row
from chatbt.dsde.bench.prompts import Prompt

END = 0


def test_answers_part_at_their_first_difference() -> None:
    assert parting((1, 2, 3), (1, 5, 3)) == 1


def test_answers_part_where_the_shorter_ends() -> None:
    assert parting((1, 2), (1, 2, 3)) == 2


def test_the_gap_is_asked_behind_the_prompt_and_what_both_say() -> None:
    asked: list[tuple[list[int], int, int]] = []

    def gap(prefix: object, one: int, other: int) -> float:
        asked.append((list(prefix), one, other))  # type: ignore[call-overload]
        return -0.5

    rows = {"plain": Row([(1, 2, 3)]), "other": Row([(1, 4, 3)])}
    found = differences("set", rows, "plain", [Prompt("set", (7, 8))], END, gap)
    assert found == [Difference("other", "set", 0, 1, 0.5)]
    assert asked == [([7, 8, 1], 4, 2)]


def test_an_answer_that_ends_early_is_compared_by_its_end_token() -> None:
    asked: list[tuple[int, int]] = []

    def gap(prefix: object, one: int, other: int) -> float:
        asked.append((one, other))
        return 1.0

    differences("set", {"plain": Row([(1, 2)]), "other": Row([(1,)])}, "plain", [Prompt("set", (7,))], END, gap)
    assert asked == [(END, 2)]


def test_equal_answers_are_no_difference() -> None:
    rows = {"plain": Row([(1, 2)]), "other": Row([(1, 2)])}
    assert not differences("set", rows, "plain", [Prompt("set", (7,))], END, lambda *_: 1.0)
