"""What verified rounds leave behind: by hand, and against the formulas in plain Python."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from chatbt.dsde.adapter import PAPER
from chatbt.dsde.signals import LONG, Signals, divergence
from tests.dsde import formulas

CPU = torch.device("cpu")


def logits(*probabilities: float) -> Tensor:
    return torch.tensor(probabilities).log()


def observe(signals: Signals, *rounds: tuple[list[float], int, int], width: int | None = None) -> None:
    """One round: of each row its divergences, the tokens drafted and those accepted."""
    width = max((len(row[0]) for row in rounds), default=0) if width is None else width
    signals.observe(
        torch.tensor([[*row[0], *[99.0] * (width - len(row[0]))] for row in rounds]).view(len(rounds), width),
        torch.tensor([row[1] for row in rounds]),
        torch.tensor([row[2] for row in rounds]),
    )


def test_the_divergence_of_equal_distributions_is_nothing() -> None:
    assert divergence(logits(0.5, 0.3, 0.2), logits(0.5, 0.3, 0.2)) == pytest.approx(0, abs=1e-6)


def test_the_divergence_is_the_targets_from_the_drafts() -> None:
    by_hand = 0.5 * math.log(0.5 / 0.25) + 0.5 * math.log(0.5 / 0.75)
    assert divergence(logits(0.5, 0.5), logits(0.25, 0.75)) == pytest.approx(by_hand)
    other = 0.25 * math.log(0.25 / 0.5) + 0.75 * math.log(0.75 / 0.5)
    assert divergence(logits(0.25, 0.75), logits(0.5, 0.5)) == pytest.approx(other)


def test_what_the_draft_holds_impossible_counts_as_1e_minus_8() -> None:
    assert divergence(logits(1, 0), logits(0, 1)) == pytest.approx(math.log(1e8), rel=1e-5)


def test_raw_logits_of_any_scale_are_normalised() -> None:
    shifted = divergence(logits(0.5, 0.5) + 7, logits(0.25, 0.75) - 3)
    assert shifted == pytest.approx(float(divergence(logits(0.5, 0.5), logits(0.25, 0.75))), rel=1e-5)


def test_only_the_common_vocabulary_counts() -> None:
    padded = torch.cat([logits(0.25, 0.75), torch.tensor([5.0, 9.0])])
    expected = divergence(logits(0.5, 0.5), logits(0.25, 0.75))
    assert divergence(logits(0.5, 0.5), padded) == pytest.approx(float(expected))


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=6))
def test_the_divergence_is_that_of_the_formula(weights: list[tuple[float, float]]) -> None:
    p, q = ([max(pair[part], 1e-3) for pair in weights] for part in (0, 1))
    p, q = [a / sum(p) for a in p], [b / sum(q) for b in q]
    assert divergence(logits(*p), logits(*q)) == pytest.approx(formulas.divergence(p, q), abs=1e-5)


def test_accepted_places_and_the_first_refused_one_count() -> None:
    signals = Signals(1, CPU)
    observe(signals, ([0.1, 0.2, 0.4, 0.8], 4, 1))
    assert signals.seen.tolist() == [2]
    assert signals.history[0, -3:].tolist() == pytest.approx([0, 0.1, 0.2])
    assert float(signals.last_mean) == pytest.approx(0.15)
    assert float(signals.total) == pytest.approx(0.3)
    assert float(signals.highest) == pytest.approx(0.2)
    assert (signals.drafted.tolist(), signals.accepted.tolist(), signals.most_accepted.tolist()) == ([4], [1], [1])


def test_a_draft_accepted_in_full_has_no_refused_place() -> None:
    signals = Signals(1, CPU)
    observe(signals, ([0.1, 0.2], 2, 2))
    assert signals.seen.tolist() == [2]
    assert float(signals.last_mean) == pytest.approx(0.15)


def test_places_beyond_a_rows_own_length_do_not_count() -> None:
    signals = Signals(2, CPU)
    observe(signals, ([0.1], 1, 1), ([0.1, 0.2, 0.3], 3, 2))
    assert signals.seen.tolist() == [1, 3]
    assert signals.highest.tolist() == pytest.approx([0.1, 0.3])


def test_a_round_without_a_draft_leaves_the_history_alone() -> None:
    signals = Signals(1, CPU)
    observe(signals, ([0.1, 0.2], 2, 1))
    before = signals.history.clone(), signals.last_mean.clone(), signals.acceptance.clone()
    observe(signals, ([], 0, 0))
    after = signals.history, signals.last_mean, signals.acceptance
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert signals.drafted.tolist() == [0]


def test_acceptance_is_a_decaying_mean_over_tokens() -> None:
    signals = Signals(1, CPU)
    observe(signals, ([0.1, 0.1, 0.1], 3, 1))  # two looked at, one accepted
    assert float(signals.acceptance) == pytest.approx(0.7 + (1 - 0.9**2) * (0.5 - 0.7))


def test_a_new_sequence_begins_with_what_was_usual_of_late() -> None:
    signals = Signals(1, CPU)
    for _ in range(20):
        observe(signals, ([1.0], 1, 0))
    signals.clear(0)
    assert float(signals.acceptance) == pytest.approx((0.7 + 0.7 * 0.9**20) / 2)


def test_stability_by_hand() -> None:
    signals = Signals(1, CPU)
    observe(signals, ([0.1, 0.5, 0.2], 3, 2))
    # Both windows hold the same three tokens.
    assert float(signals.ratio) == pytest.approx(1)
    weights = [1, 0.85, 0.85**2]
    mean = (0.2 + 0.85 * 0.5 + 0.85**2 * 0.1) / sum(weights)
    by_hand = sum(w * (x - mean) ** 2 for w, x in zip(weights, [0.2, 0.5, 0.1], strict=True)) / sum(weights)
    assert formulas.variance([0.2, 0.5, 0.1], 0.85) == pytest.approx(by_hand)


def test_calm_after_unrest_is_stability_below_one() -> None:
    signals = Signals(1, CPU)
    for value in (0.1, 2.0) * 8:
        observe(signals, ([value], 1, 1))
    for value in (0.10, 0.11) * 5:
        observe(signals, ([value], 1, 1))
    assert float(signals.ratio) < 0.01


def test_unrest_after_calm_is_stability_above_one() -> None:
    signals = Signals(1, CPU)
    for value in (0.10, 0.11) * 10:
        observe(signals, ([value], 1, 1))
    for value in (0.1, 2.0) * 5:
        observe(signals, ([value], 1, 1))
    assert float(signals.ratio) > 1


def test_one_token_has_no_variance() -> None:
    signals = Signals(1, CPU)
    observe(signals, ([0.3], 1, 1))
    assert signals.ratio.tolist() == [0]


def test_a_flat_history_says_nothing_good() -> None:
    signals = Signals(1, CPU)
    observe(signals, ([0.3, 0.3, 0.3], 3, 3))
    assert signals.ratio.tolist() == [20]


def ragged(least: int, most: float) -> st.SearchStrategy[tuple[list[float], tuple[int, int]]]:
    """A row's round: `least` to 9 divergences up to `most`, tokens drafted, tokens accepted."""
    return st.lists(st.floats(0, most, width=32), min_size=least, max_size=9).flatmap(
        lambda values: st.tuples(
            st.just(values), st.integers(0, len(values)).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
        )
    )


ROUNDS = st.lists(st.tuples(ragged(0, 3), ragged(0, 1), ragged(3, 1)), min_size=1, max_size=12)


@settings(max_examples=settings().max_examples // 3)
@given(ROUNDS)
def test_ragged_rounds_leave_what_the_formulas_say(rounds: list[tuple]) -> None:
    signals = Signals(4, CPU)
    slow = [formulas.Sequence(PAPER, 8) for _ in range(3)]
    for rows in rounds:
        observe(signals, *((values, drafted, accepted) for values, (drafted, accepted) in rows))
        for sequence, (values, (drafted, accepted)) in zip(slow, rows, strict=True):
            sequence.round(values, drafted, accepted)
    stability = signals.ratio
    for row, sequence in enumerate(slow):
        history = sequence.history[-LONG:]
        assert signals.history[row].tolist() == pytest.approx([0.0] * (LONG - len(history)) + history, abs=1e-6)
        assert int(signals.seen[row]) == len(sequence.history)
        assert float(signals.total[row]) == pytest.approx(sum(sequence.history), abs=1e-3)
        assert float(signals.highest[row]) == pytest.approx(max(sequence.history, default=0))
        assert int(signals.most_accepted[row]) == sequence.most_accepted
        if sequence.last:
            assert float(signals.last_mean[row]) == pytest.approx(sum(sequence.last) / len(sequence.last), abs=1e-5)
        if len(history) < 2 or formulas.variance(history, 0.85) > 1e-4:  # else rounding decides
            assert float(stability[row]) == pytest.approx(sequence.stability(0.85), rel=1e-2, abs=1e-4)
    assert not signals.history[3].any()


def filled() -> Signals:
    signals = Signals(3, CPU)
    observe(signals, ([0.1, 0.2], 2, 1), ([0.3], 1, 1), ([0.5, 0.6, 0.7], 3, 3))
    return signals


def state(signals: Signals, row: int) -> list[list[float]]:
    parts = [
        part for name, part in vars(signals).items() if isinstance(part, torch.Tensor) and not name.startswith("_")
    ]
    return [part[row].flatten().tolist() for part in parts]


def test_a_row_that_was_cleared_is_as_new_and_the_others_stay() -> None:
    signals, before = filled(), filled()
    signals.clear(1)
    assert state(signals, 1) == state(Signals(3, CPU), 1)
    assert state(signals, 0) == state(before, 0)
    assert state(signals, 2) == state(before, 2)


def test_a_row_that_was_moved_takes_everything_along() -> None:
    signals, before = filled(), filled()
    signals.move(2, 0)
    assert state(signals, 0) == state(before, 2)
    assert state(signals, 1) == state(before, 1)


def test_a_draft_may_be_longer_than_the_windows() -> None:
    signals = Signals(1, CPU)
    observe(signals, ([at / 100 for at in range(40)], 40, 35))
    assert signals.history[0].tolist() == pytest.approx([at / 100 for at in range(6, 36)])


@pytest.mark.parametrize("value", [0.3, 3.0, 18.420680743952367])
def test_a_long_flat_history_is_flat_at_any_height(value: float) -> None:
    signals = Signals(1, CPU)
    for _ in range(9):
        observe(signals, ([value] * 5, 5, 5))
        assert signals.ratio.tolist() == [20]
