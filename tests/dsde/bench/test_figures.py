"""Medians, spreads and ratios of runs that were made in turn."""

from __future__ import annotations

from chatbt.dsde.bench.figures import Spread, added, best, rates, ratio


def test_a_spread_is_the_median_and_the_extremes() -> None:
    assert Spread.of([3.0, 1.0, 2.0, 10.0]) == Spread(2.5, 1.0, 10.0)


def test_a_rate_is_the_tokens_of_a_repeat_over_its_seconds() -> None:
    assert rates(100, [2.0, 1.0, 4.0]) == Spread(50.0, 25.0, 100.0)


def test_a_ratio_compares_what_was_measured_in_the_same_repeat() -> None:
    # The second repeat was disturbed: both took four times as long.
    assert ratio([2.0, 8.0, 3.0], [1.0, 4.0, 1.0]) == Spread(2.0, 2.0, 3.0)


def test_the_best_has_the_least_median_not_the_least_repeat() -> None:
    assert best({"steady": [2.0, 2.0, 2.0], "lucky": [1.0, 3.0, 3.0]}) == "steady"


def test_sets_are_added_repeat_by_repeat() -> None:
    assert added([[1.0, 2.0], [10.0, 20.0]]) == [11.0, 22.0]
