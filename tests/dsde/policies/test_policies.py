"""What all policies keep to: their bounds, and a state that is each row's own."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from chatbt.dsde.costs import Costs
from chatbt.dsde.policies import policies
from chatbt.dsde.policies.base import Policy
from chatbt.dsde.signals import Signals
from tests.dsde.test_signals import observe, ragged

CPU = torch.device("cpu")
NAMES = ("adaedl", "confidence", "dsde", "dsde-authors", "dsde-paper", "fixed", "goodput", "heuristic")
FIGURES = st.lists(st.tuples(ragged(0, 1), ragged(0, 0.125), ragged(2, 0.125)), min_size=1, max_size=8)
SECONDS = st.floats(0.001, 1)


def measured(draft: float = 0.1, verify: float = 1.0, batch: int = 3, longest: int = 8) -> Costs:
    """Costs by their own `record`: `draft` seconds a step, `verify` for every width."""
    costs = Costs()
    for width in range(1, longest + 2):
        costs.record(batch, width - 1, width, (draft * (width - 1), verify, 0.0), tried=width > 1)
    return costs


def test_the_folder_is_the_list() -> None:
    assert tuple(policies()) == NAMES


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=settings().max_examples // 10)
@given(figures=FIGURES, longest=st.integers(1, 9), draft=SECONDS, verify=SECONDS)
def test_lengths_are_from_0_to_the_longest(
    name: str, figures: list[tuple], longest: int, draft: float, verify: float
) -> None:
    policy, signals, costs = policies()[name](4, CPU, longest), Signals(4, CPU), measured(draft, verify)
    for rows in figures * 3:
        observe(signals, *((values, drafted, accepted) for values, (drafted, accepted) in rows))
        lengths = policy.limit(signals, costs, 3)
        assert lengths.shape == (3,)
        assert lengths.dtype == torch.int64
        assert lengths.min() >= 0
        assert lengths.max() <= longest


ROUNDS = [([0.02, 0.01] * 3, 6, 6), ([0.4, 0.1] * 3, 6, 2), ([0.03] * 6, 6, 5)]


def state(policy: Policy, row: int) -> list[list[float]]:
    """All that a policy knows of a row."""
    owners = [policy, *(getattr(policy, name) for name in ("adapter",) if hasattr(policy, name))]
    parts = [part for owner in owners for name, part in vars(owner).items() if not name.startswith("_")]
    return [part[row].flatten().tolist() for part in parts if isinstance(part, Tensor)]


def told(name: str, rounds: int = 7) -> Policy:
    """A policy that has seen three rows that fared differently."""
    policy, signals, costs = policies()[name](4, CPU, 8), Signals(4, CPU), measured(draft=0.5)
    for _ in range(rounds):
        observe(signals, *ROUNDS)
        policy.limit(signals, costs, 3)
        policy.begin(3)
        policy.keep_going(torch.eye(3), 0)
    return policy


@pytest.mark.parametrize("name", NAMES)
def test_a_policy_that_was_moved_goes_on_in_its_new_row(name: str) -> None:
    policy, before = told(name), told(name)
    policy.move(2, 0)
    assert state(policy, 0) == state(before, 2)
    assert state(policy, 1) == state(before, 1)


@pytest.mark.parametrize("name", NAMES)
def test_a_policy_that_was_cleared_is_as_new_in_that_row_alone(name: str) -> None:
    policy, before = told(name), told(name)
    policy.clear(1)
    policy.begin(2)
    before.begin(2)
    assert state(policy, 1) == state(policies()[name](4, CPU, 8), 1)
    assert (state(policy, 0), state(policy, 2)) == (state(before, 0), state(before, 2))


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("dsde")])
def test_a_row_has_the_length_that_it_has_alone(name: str) -> None:
    together, alone = policies()[name](3, CPU, 8), policies()[name](1, CPU, 8)
    several, one = Signals(3, CPU), Signals(1, CPU)
    for _ in range(5):
        observe(several, *ROUNDS)
        observe(one, ROUNDS[0])
        assert together.limit(several, measured(), 3)[0] == alone.limit(one, measured(batch=1), 1)[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_may_lack_some_tokens_of_the_vocabulary(name: str) -> None:
    policy, costs, signals = policies()[name](1, CPU, 8), measured(draft=0.001), Signals(1, CPU)
    policy.limit(signals, costs, 1)
    policy.begin(1)
    going = policy.keep_going(torch.tensor([[9.0, 0.0, -torch.inf]]), 0)
    assert going is None or going.tolist() == [True]
