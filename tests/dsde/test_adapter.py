"""The predicted length: by hand, and against the formulas in plain Python."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbt.dsde.adapter import AUTHORS, OURS, PAPER, Adapter, Preset
from chatbt.dsde.signals import Signals
from tests.dsde import formulas
from tests.dsde.test_signals import observe, ragged

CPU = torch.device("cpu")


def adapted(*rounds: tuple[list[float], int, int], preset: Preset = PAPER, longest: int = 8) -> float:
    """SL^ of one sequence after these rounds."""
    signals, adapter = Signals(1, CPU, preset.decay), Adapter(1, CPU, longest, preset)
    for each in rounds:
        observe(signals, each)
        length = adapter.first(1).predicted(signals.first(1))
    return float(length)


def test_a_sequence_begins_with_five_tokens() -> None:
    assert adapted(([0.1] * 5, 5, 2)) == 5


def test_a_sequence_begins_with_no_more_than_the_longest() -> None:
    assert adapted(([0.1] * 3, 3, 2), longest=3) == 3


def test_a_draft_accepted_in_full_doubles_the_trial_as_far_as_it_goes() -> None:
    assert adapted(([0.1] * 5, 5, 5), longest=20) == 10
    assert adapted(([0.1] * 5, 5, 5), ([0.1] * 10, 10, 10), longest=16) == 16


def test_a_round_without_a_draft_doubles_nothing() -> None:
    assert adapted(([], 0, 0), longest=20) == 5


def test_a_refusal_during_calibration_does_not_shorten_the_trial() -> None:
    assert adapted(([0.1] * 5, 5, 5), ([0.1] * 10, 10, 0), longest=20) == 10


HALVES = [0.1, 0.3] * 3


def test_the_length_after_calibration_by_hand() -> None:
    # 30 tokens, 5 accepted at most, mean 0.2, highest 0.3: SL_max = round(5 * (1 + 0.2 / 0.3)) = 8. Both windows
    # see nearly the same unrest.
    rounds = [(HALVES, 6, 5)] * 5
    newest = (HALVES * 5)[::-1]
    ratio = formulas.variance(newest[:10], 0.85) / formulas.variance(newest, 0.85)
    by_hand = (1 - (math.exp(0.4) - 1) * ratio) * (8 - 2) + 2
    assert adapted(*rounds, longest=20) == math.ceil(by_hand)


def test_the_length_is_the_shortest_where_the_draft_is_far_off() -> None:
    assert adapted(*[([1.0, 3.0] * 3, 6, 5)] * 5, preset=PAPER, longest=20) == 2
    assert adapted(*[([1.0, 3.0] * 3, 6, 5)] * 5, preset=AUTHORS, longest=20) == 6
    assert adapted(*[([1.0, 3.0] * 3, 6, 5)] * 5, preset=OURS, longest=20) == 0


def test_the_length_is_the_ceiling_where_the_draft_is_the_target() -> None:
    # No divergence at all in the last round: SF is 0.
    assert adapted(*[(HALVES, 6, 5)] * 5, ([0.0] * 6, 6, 6), longest=20) == 8


def test_the_authors_halve_the_growth_of_the_ceiling() -> None:
    # round(5 * (1 + 0.5 * 0.2 / 0.3)) = 7
    assert adapted(*[(HALVES, 6, 5)] * 5, ([0.0] * 6, 6, 6), preset=AUTHORS, longest=20) == 7


def test_the_ceiling_is_set_once() -> None:
    rounds = [(HALVES, 6, 5)] * 5 + [([0.0] * 20, 20, 20)] * 3
    assert adapted(*rounds, longest=20) == 8


def test_nothing_accepted_leaves_a_ceiling_of_one_for_ours() -> None:
    assert adapted(*[([0.0], 1, 0)] * 31, preset=OURS, longest=20) == 1


def test_ours_goes_up_again_where_all_is_accepted() -> None:
    rounds = [([0.0], 1, 0)] * 31
    assert adapted(*rounds, ([0.0], 1, 1), ([0.0] * 2, 2, 2), preset=OURS, longest=20) == 4
    assert adapted(*rounds, ([0.0], 1, 1), ([0.0] * 2, 2, 1), preset=OURS, longest=20) == 2


STEADY = ragged(6, 0.0625)
ROUNDS = st.lists(st.tuples(ragged(0, 0.5), STEADY, STEADY), min_size=6, max_size=9)


@pytest.mark.parametrize("preset", [PAPER, AUTHORS, OURS], ids=["paper", "authors", "ours"])
@settings(max_examples=settings().max_examples // 5)
@given(rounds=ROUNDS, longest=st.integers(1, 20), repeats=st.integers(1, 3))
def test_ragged_rounds_lead_to_the_length_that_the_formulas_say(
    preset: Preset, rounds: list[tuple], longest: int, repeats: int
) -> None:
    signals, adapter = Signals(3, CPU, preset.decay), Adapter(3, CPU, longest, preset)
    slow = [formulas.Sequence(preset, longest) for _ in range(3)]
    for rows in rounds * repeats:
        observe(signals, *((values, drafted, accepted) for values, (drafted, accepted) in rows))
        lengths = adapter.first(3).predicted(signals.first(3))
        for row, (sequence, (values, (drafted, accepted))) in enumerate(zip(slow, rows, strict=True)):
            sequence.round(values, drafted, accepted)
            assert bool(adapter.calibrated[row]) == (sequence.ceiling is not None)
            history = sequence.history[::-1][:30]
            if len(history) >= 2 and formulas.variance(history, preset.decay) < 1e-4:
                continue  # rounding decides whether the history is flat
            expected = sequence.predicted()
            assert 0 <= lengths[row] <= longest
            assert math.ceil(expected - 0.02) <= lengths[row] <= math.ceil(expected + 0.02)


def test_a_row_that_was_cleared_begins_anew_and_one_that_was_moved_goes_on() -> None:
    signals, adapter = Signals(2, CPU), Adapter(2, CPU, 20, PAPER)
    for _ in range(5):
        observe(signals, ([0.1, 0.3, 0.1], 3, 1), (HALVES, 6, 5))
        adapter.first(2).predicted(signals.first(2))
    assert adapter.calibrated[:2].tolist() == [False, True]
    adapter.move(1, 0)
    adapter.clear(1)
    assert adapter.calibrated[:2].tolist() == [True, False]
    assert (int(adapter.ceiling[0]), int(adapter.trial[1])) == (8, 5)
