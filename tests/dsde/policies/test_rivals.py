"""The rules that DSDE is compared with, by worked examples."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from chatbt.dsde.costs import Costs
from chatbt.dsde.policies.adaedl import AdaEdl
from chatbt.dsde.policies.base import Policy
from chatbt.dsde.policies.confidence import Confidence
from chatbt.dsde.policies.fixed import Fixed
from chatbt.dsde.policies.goodput import Goodput
from chatbt.dsde.policies.heuristic import Heuristic
from chatbt.dsde.signals import Signals
from tests.dsde.policies.test_policies import measured
from tests.dsde.test_signals import observe

CPU = torch.device("cpu")


def lengths(policy: Policy, *rounds: tuple[int, int], costs: Costs | None = None) -> list[int]:
    """The length after each round of one row, given as tokens drafted and accepted."""
    signals, found = Signals(1, CPU), []
    for drafted, accepted in rounds:
        observe(signals, ([0.1] * drafted, drafted, accepted))
        found.append(int(policy.limit(signals, costs or measured(batch=1), 1)[0]))
    return found


def test_fixed_is_always_the_longest() -> None:
    assert lengths(Fixed(1, CPU, 6), (6, 0), (6, 6), (0, 0)) == [6, 6, 6]


def test_heuristic_adds_two_after_a_full_success_and_takes_one_off_otherwise() -> None:
    policy = Heuristic(1, CPU, 8)
    assert lengths(policy, (0, 0), (5, 5), (7, 6), (6, 0), (5, 5), (7, 7), (8, 8)) == [5, 7, 6, 5, 7, 8, 8]


def test_heuristic_stays_at_one_and_does_not_move_without_a_draft() -> None:
    policy = Heuristic(1, CPU, 8)
    assert lengths(policy, *[(5, 0)] * 5, (0, 0), (1, 1)) == [4, 3, 2, 1, 1, 1, 3]


def test_confidence_stops_before_the_first_unsure_place() -> None:
    policy = Confidence(3, CPU, 8)
    going = policy.keep_going(torch.tensor([[0.39, 0.31, 0.3], [0.41, 0.3, 0.29], [0.9, 0.1, 0.0]]).log(), 0)
    assert going is not None
    assert going.tolist() == [False, True, True]


def entropy_of(nats: float) -> Tensor:
    """Logits [1, 2] of about this entropy."""
    shares = torch.linspace(0.5, 1 - 1e-6, 200_000, dtype=torch.float64)
    entropy = -(shares * shares.log() + (1 - shares) * (1 - shares).log())
    share = shares[(entropy - nats).abs().argmin()]
    return torch.stack([share, 1 - share]).log().float()[None]


def goes_on(policy: AdaEdl, nats: float) -> bool:
    going = policy.keep_going(entropy_of(nats), 0)
    assert going is not None
    return bool(going[0])


def test_adaedl_stops_where_its_bound_on_the_acceptance_falls_below_the_threshold() -> None:
    # 1 - sqrt(0.2 H) < threshold  <=>  H > (1 - threshold)^2 / 0.2
    policy = AdaEdl(1, CPU, 8)
    policy.threshold[0] = 0.7
    border = 0.3**2 / 0.2
    assert goes_on(policy, border - 0.01)
    assert not goes_on(policy, border + 0.01)


def test_adaedl_drafts_at_most_seven() -> None:
    assert lengths(AdaEdl(1, CPU, 20), (7, 7)) == [7]
    assert lengths(AdaEdl(1, CPU, 4), (4, 4)) == [4]


def test_the_threshold_of_adaedl_rises_while_too_little_is_accepted() -> None:
    policy = AdaEdl(1, CPU, 8)
    lengths(policy, (4, 2))
    assert float(policy.mean[0]) == pytest.approx(0.5 * 0.9 + 0.5 * 0.5)
    assert float(policy.threshold[0]) == pytest.approx(0.9 * 0.2 + 0.1 * (0.2 + 0.01))


def test_the_threshold_of_adaedl_sinks_while_everything_is_accepted() -> None:
    policy = AdaEdl(1, CPU, 8)
    lengths(policy, (4, 4))
    assert float(policy.mean[0]) == pytest.approx(0.95)
    assert float(policy.threshold[0]) == pytest.approx(0.2 - 0.1 * 0.01)


def test_the_threshold_of_adaedl_stays_where_most_but_not_all_is_accepted() -> None:
    policy = AdaEdl(1, CPU, 8)
    lengths(policy, (4, 4), (20, 19))
    threshold = float(policy.threshold[0])
    assert threshold == pytest.approx(0.2 - 0.1 * 0.01)


def test_adaedl_learns_nothing_from_a_round_without_a_draft() -> None:
    policy = AdaEdl(1, CPU, 8)
    lengths(policy, (4, 2), (0, 0), (0, 0))
    assert float(policy.threshold[0]) == pytest.approx(0.201)


def test_the_doubt_of_one_row_does_not_stop_the_others_in_adaedl() -> None:
    policy = AdaEdl(2, CPU, 8)
    policy.threshold[:] = 0.7
    going = policy.keep_going(torch.cat([entropy_of(0.01), entropy_of(0.69)]), 0)
    assert going is not None
    assert going.tolist() == [True, False]


@pytest.mark.parametrize(("acceptance", "draft"), [(0.9, 0.05), (0.7, 0.1), (0.7, 0.5), (0.4, 0.2), (0.2, 0.5)])
def test_goodput_is_the_length_with_the_most_tokens_for_its_time(acceptance: float, draft: float) -> None:
    signals, policy = Signals(1, CPU), Goodput(1, CPU, 8)
    signals.acceptance[0] = acceptance
    rates = [(1 - acceptance ** (k + 1)) / (1 - acceptance) / (1 + k * draft) for k in range(9)]
    assert int(policy.limit(signals, measured(draft, batch=1), 1)[0]) == max(range(9), key=lambda k: math.log(rates[k]))


def test_goodput_probes_every_sixteenth_round_where_drafting_does_not_pay() -> None:
    policy, costs = Goodput(1, CPU, 8), measured(draft=2.0, batch=1)
    assert lengths(policy, *[(0, 0)] * 48, costs=costs) == ([0] * 15 + [1]) * 3
