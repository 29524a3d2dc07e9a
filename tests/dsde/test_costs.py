"""What steps cost is a decaying mean of what they took, at the pace of the machine."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from chatbt.dsde.costs import Costs, expected_tokens


def record(
    costs: Costs, width: int, *, draft: float = 0.1, verify: float = 1.0, batch: int = 1, host: float = 0.2
) -> None:
    """A round that took `draft` seconds a step."""
    steps = width - 1
    costs.record(batch, steps, width, (draft * steps, verify, host), tried=bool(steps))


def test_a_round_costs_its_draft_steps_its_verification_and_the_host() -> None:
    costs = Costs()
    record(costs, 1)
    record(costs, 5, verify=1.5)
    assert costs.plain(1) == pytest.approx(1.2)
    assert costs.round(1, 4) == pytest.approx(0.2 + 4 * 0.1 + 1.5)
    assert costs.tried(1) == pytest.approx(0.4 + 1.5 + 0.2)


def test_a_copy_costs_no_draft_steps() -> None:
    costs = Costs()
    record(costs, 5, verify=1.5)
    assert costs.round(1, 4, drafted=False) == pytest.approx(0.2 + 1.5)


def test_a_width_that_never_ran_costs_what_its_nearest_does() -> None:
    costs = Costs()
    record(costs, 2, verify=1.0)
    record(costs, 9, verify=2.0)
    assert costs.rounds(1, 8) == pytest.approx([0.2 + 0.1 * k + (1.0 if k < 5 else 2.0) for k in range(9)])


def test_a_batch_that_never_ran_costs_what_its_nearest_does() -> None:
    costs = Costs()
    record(costs, 1, verify=1.0, batch=1)
    record(costs, 1, verify=3.0, batch=8)
    assert costs.round(2, 0) == pytest.approx(1.0)
    assert costs.round(7, 0) == pytest.approx(3.0)


def test_before_anything_was_measured_a_plain_round_is_the_cheapest() -> None:
    seconds = Costs().rounds(1, 8)
    assert seconds[0] > 0
    assert seconds == sorted(set(seconds))


def test_a_plain_round_is_measured_once_it_ran() -> None:
    costs = Costs()
    record(costs, 5)
    assert not costs.measured(1)
    record(costs, 1)
    assert costs.measured(1)
    assert not costs.measured(2)


def test_one_slow_step_does_not_move_the_mean_far() -> None:
    costs = Costs()
    record(costs, 1)
    record(costs, 1, verify=1000.0)
    assert costs.plain(1) < 1.4


def test_costs_follow_what_steps_take() -> None:
    costs = Costs()
    for _ in range(300):
        record(costs, 1, verify=1.0, host=0.1)
    for _ in range(300):
        record(costs, 1, verify=1.0, host=0.4)
    assert costs.plain(1) == pytest.approx(1.4, rel=0.05)


def test_a_machine_that_slows_down_leaves_ratios_as_they_are() -> None:
    costs = Costs()
    record(costs, 1, verify=1.0, host=0.2)
    record(costs, 5, verify=1.5, host=0.2)
    before = costs.round(1, 4) / costs.plain(1)
    for _ in range(100):
        record(costs, 1, verify=1.5, host=0.3)
    assert costs.round(1, 4) / costs.plain(1) == pytest.approx(before, rel=0.1)


def test_a_try_that_came_to_nothing_counts_as_a_try() -> None:
    costs = Costs()
    costs.record(1, 0, 1, (0.1, 1.0, 0.2), tried=True)
    assert costs.tried(1) == pytest.approx(1.3)
    assert not costs.draft


@given(st.floats(0, 0.99), st.integers(0, 10))
def test_expected_tokens_are_those_of_the_closed_form(acceptance: float, longest: int) -> None:
    expected = [(1 - acceptance ** (k + 1)) / (1 - acceptance) for k in range(longest + 1)]
    assert expected_tokens(torch.tensor(acceptance), longest).tolist() == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(("acceptance", "tokens"), [(0.0, 1.0), (1.0, 4.994)])
def test_expected_tokens_at_the_ends(acceptance: float, tokens: float) -> None:
    assert float(expected_tokens(torch.tensor(acceptance), 4)[-1]) == pytest.approx(tokens, abs=0.01)


def test_every_row_expects_by_its_own_acceptance() -> None:
    table = expected_tokens(torch.tensor([0.0, 0.5]), 2)
    torch.testing.assert_close(table, torch.tensor([[1, 1, 1], [1, 1.5, 1.75]]))


def test_a_width_that_a_batch_has_not_run_in_costs_its_share() -> None:
    costs = Costs()
    for width, seconds in ((1, 1.0), (3, 2.0)):
        costs.record(1, 0, width, (0.0, seconds, 0.0), tried=False)
    costs.record(8, 0, 1, (0.0, 5.0, 0.0), tried=False)
    assert costs.round(8, 2, drafted=False) == pytest.approx(10.0)
