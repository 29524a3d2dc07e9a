"""DSDE stops where drafting does not pay, and notices when it does again."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
import torch

from chatbt.dsde.costs import Costs
from chatbt.dsde.policies.dsde import AuthorsDsde, Dsde, PaperDsde
from chatbt.dsde.signals import Signals
from tests.dsde.policies.test_policies import measured
from tests.dsde.test_signals import observe

CPU = torch.device("cpu")
LONGEST = 8


class Life:
    """One row that is decoded: each round takes the time that its steps cost, and accepts what it is told to."""

    def __init__(self, draft: float, verify: Callable[[int], float] | None = None, *, warm: bool = True) -> None:
        self.policy = Dsde(1, CPU, LONGEST)
        self.signals, self.costs = Signals(1, CPU), Costs()
        self.draft, self.verify = draft, verify or (lambda _: 1.0)
        for width in range(1, LONGEST + 2) if warm else ():
            self.costs.record(1, 0, width, (0.0, self.verify(width), 0.1), tried=False)
        self.length = int(self.policy.limit(self.signals, self.costs, 1)[0])

    def rounds(self, count: int, accepted: Callable[[int], int], divergence: float = 0.01) -> list[int]:
        """The length of each round."""
        lengths = []
        for _ in range(count):
            length = self.length
            lengths.append(length)
            observe(self.signals, (([divergence, 2 * divergence] * length)[:length], length, accepted(length)))
            self.length = int(self.policy.limit(self.signals, self.costs, 1)[0])
            seconds = self.draft * length, self.verify(length + 1), 0.1
            self.costs.record(1, length, length + 1, seconds, tried=length > 0)
        return lengths


def nothing(length: int) -> int:
    return 0


def everything(length: int) -> int:
    return length


def test_a_draft_that_is_always_right_is_long() -> None:
    assert Life(draft=0.1).rounds(100, everything)[-10:] == [LONGEST] * 10


def test_a_draft_that_is_never_right_is_given_up_but_for_a_probe_each_sixteen_rounds() -> None:
    lengths = Life(draft=0.1).rounds(200, nothing)
    late = lengths[-128:]
    assert set(late) == {0, 1}
    assert late.count(1) == 8
    probes = [at for at, length in enumerate(late) if length]
    assert {after - before for before, after in pairwise(probes)} == {16}


def test_a_draft_that_costs_more_than_it_gives_is_given_up() -> None:
    lengths = Life(draft=1.5).rounds(300, everything)
    assert sum(lengths[-128:]) <= 16


def test_a_verification_that_grows_with_its_width_is_noticed() -> None:
    # Half is accepted: about 3 tokens for a round that takes four times as long as a plain one.
    life = Life(draft=0.05, verify=lambda width: 1.0 if width == 1 else 4.0)
    assert sum(life.rounds(300, lambda length: length // 2)[-128:]) <= 16


def test_drafting_comes_back_by_its_probe_when_it_pays_again() -> None:
    life = Life(draft=0.1)
    assert sum(life.rounds(200, nothing)[-64:]) <= 4
    assert min(life.rounds(600, everything)[-64:]) > 1


def test_the_border_is_crossed_with_hysteresis() -> None:
    policy, signals, costs = Dsde(1, CPU, LONGEST), Signals(1, CPU), Costs()
    costs.record(1, 0, 1, (0.0, 1.0, 0.0), tried=False)
    costs.record(1, 1, 2, (0.5, 1.0, 0.0), tried=True)

    def drafts(gain: float) -> bool:
        signals.acceptance[0] = gain * 1.5 - 1  # a draft of one token makes 1 + a of them in 1.5 seconds
        return bool([policy.limit(signals, costs, 1)[0] for _ in range(policy.EVERY)][-1])

    assert drafts(0.99)
    assert not drafts(0.96)
    assert not drafts(1.04)
    assert drafts(1.06)
    assert drafts(0.99)


def test_one_round_without_a_draft_is_measured_first() -> None:
    life = Life(draft=0.1, warm=False)
    assert life.rounds(3, everything) == [0, 0, 5]  # a round is judged before its time is known
    assert life.costs.measured(1)


def test_a_place_is_drafted_as_long_as_it_is_worth_its_time() -> None:
    policy = Dsde(1, CPU, LONGEST)
    policy.limit(Signals(1, CPU), measured(draft=0.2, batch=1), 1)
    # Acceptance 0.7, 0.2 seconds a token: the best rate is E(3) / 1.6 = 2.533 / 1.6, a next token is accepted with
    # 0.7: it is worth its time if those before it are accepted with 0.452.
    assert float(policy.border[0]) == pytest.approx(0.2 * 2.533 / 1.6 / 0.7, rel=1e-3)
    policy.begin(1)
    half = torch.tensor([[0.6, 0.4]]).log()
    going = [policy.keep_going(half, place) for place in range(3)]
    assert [bool(each) for each in going if each is not None] == [True, False, False]


def test_a_new_round_begins_with_a_sure_draft() -> None:
    policy = Dsde(1, CPU, LONGEST)
    policy.limit(Signals(1, CPU), measured(draft=0.2, batch=1), 1)
    half = torch.tensor([[0.6, 0.4]]).log()
    for _ in range(2):
        policy.begin(1)
        assert bool(policy.keep_going(half, 0))


@pytest.mark.parametrize(("policy", "shortest"), [(PaperDsde, 2), (AuthorsDsde, 6)])
def test_the_papers_and_the_authors_lengths_have_a_floor(policy: type[PaperDsde], shortest: int) -> None:
    made, signals = policy(1, CPU, LONGEST), Signals(1, CPU)
    for _ in range(20):
        observe(signals, ([1.0, 3.0, 2.0], 3, 0))
        length = int(made.limit(signals, Costs(), 1)[0])
    for _ in range(20):
        observe(signals, ([1.0, 3.0, 2.0], 3, 1))
        length = int(made.limit(signals, Costs(), 1)[0])
    assert length == shortest


def test_a_straggler_is_cut_to_the_mean_of_the_batch() -> None:
    policy, signals = PaperDsde(2, CPU, 20), Signals(2, CPU)
    for _ in range(6):
        observe(signals, ([0.001, 0.002] * 4, 8, 7), ([2.0, 1.0] * 4, 8, 7))
        lengths = policy.limit(signals, Costs(), 2)
    alone, one = PaperDsde(1, CPU, 20), Signals(1, CPU)
    for _ in range(6):
        observe(one, ([0.001, 0.002] * 4, 8, 7))
        wish = int(alone.limit(one, Costs(), 1)[0])
    assert wish > 8
    assert lengths.tolist() == [-(-(wish + 2) // 2), 2]
