"""The cap of a batch is the length nearest to all that are wished for."""

from __future__ import annotations

import math

import torch
from hypothesis import given
from hypothesis import strategies as st

from chatbt.dsde.batch import capped

ROWS = st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=16)


def cap(lengths: list[int], counted: list[bool]) -> list[float]:
    made: list[float] = capped(torch.tensor(lengths).float(), torch.tensor(counted)).tolist()
    return made


def test_lengths_are_cut_to_their_mean_and_never_raised() -> None:
    assert cap([2, 4, 12], [True] * 3) == [2, 4, 6]


def test_the_mean_is_rounded_up() -> None:
    assert cap([2, 3, 3], [True] * 3) == [2, 3, 3]


def test_rows_in_calibration_are_cut_but_not_counted() -> None:
    assert cap([2, 4, 12], [True, True, False]) == [2, 3, 3]


def test_nothing_is_cut_where_nobody_counts() -> None:
    assert cap([2, 4, 12], [False] * 3) == [2, 4, 12]


def test_one_row_alone_keeps_its_length() -> None:
    assert cap([7], [True]) == [7]


@given(ROWS)
def test_the_cap_is_the_whole_number_at_or_above_the_least_squared_distance(rows: list[tuple[int, bool]]) -> None:
    lengths, counted = [length for length, _ in rows], [counts for _, counts in rows]
    wishes = [length for length, counts in rows if counts]
    if not wishes:
        assert cap(lengths, counted) == lengths
        return
    best = min(range(2001), key=lambda c: (sum((c / 100 - wish) ** 2 for wish in wishes), c)) / 100
    limit = {math.ceil(best - 0.005), math.ceil(best + 0.005), math.ceil(sum(wishes) / len(wishes))}
    assert any(cap(lengths, counted) == [min(length, each) for length in lengths] for each in limit)
