"""DSDE: the length follows the stability of the divergence; ours also knows what a token costs."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from chatbt.dsde.adapter import AUTHORS, OURS, PAPER, Adapter, Preset
from chatbt.dsde.batch import capped
from chatbt.dsde.costs import Costs, expected_tokens
from chatbt.dsde.policies.base import Policy
from chatbt.dsde.signals import Signals
from chatbt.dsde.slots import Routine, placed


class PaperDsde(Policy):
    """The paper's predicted length, and the batch cap."""

    name = "dsde-paper"
    preset: ClassVar[Preset] = PAPER
    decay = preset.decay
    cap = True

    def __init__(self, slots: int, device: torch.device, longest: int) -> None:
        super().__init__(slots, device, longest)
        self.adapter = Adapter(slots, device, longest, self.preset)
        self._signals: Signals | None = None

    def limit(self, signals: Signals, costs: Costs, batch: int) -> Tensor:
        self._look_at(signals)
        return self._wish(batch)

    def _look_at(self, signals: Signals) -> None:
        if self._signals is not signals:
            self._signals = signals
            self._wish = Routine(self._wished, self.adapter, signals)

    def _wished(self, adapter: Adapter, told: Signals) -> Tensor:
        length = adapter.predicted(told)
        return (capped(length, adapter.calibrated) if self.cap and len(length) > 1 else length).long()

    def clear(self, row: int) -> None:
        self.adapter.clear(row)


class AuthorsDsde(PaperDsde):
    """The constants of the authors' code."""

    name = "dsde-authors"
    preset = AUTHORS
    decay = preset.decay


class Dsde(PaperDsde):
    """The default: DSDE whose draft ends where the next token is not worth its time, and may have no token at all.

    A further token is worth drafting if it will be accepted with more probability than tokens are made in the time that
    it costs, at the speed now reached: P a >= rate * (seconds of a draft step and of one more verified place). P is the
    chance that all before it are accepted: the product of the draft's own confidences, to the power that makes their
    mean what has been accepted, as a draft may be surer, or less sure, than it is right; a is that mean. Where even the
    best length gains nothing the row drafts nothing, but for a probe now and then; the border is crossed with
    hysteresis. Before it judges, one round without a draft is measured.
    """

    name = "dsde"
    preset = OURS
    LEAVE, RETURN = 0.97, 1.05
    """Of plain decoding's speed: a row stops below the one and begins again above the other."""
    EVERY = 4
    """Rounds between two looks at the costs; at the signals it looks twice as often, as looking costs time too."""
    PROBE = 16
    """Rounds without a draft before one token is tried."""

    def __init__(self, slots: int, device: torch.device, longest: int) -> None:
        super().__init__(slots, device, longest)
        self.resting = torch.zeros(slots, dtype=torch.int64, device=device)  # rounds at length 0; 0: it drafts
        self.border = torch.zeros(slots, device=device)
        self.chance = torch.ones(slots, device=device)
        self.wanted = torch.ones(slots, dtype=torch.bool, device=device)
        self.confidence = torch.zeros(slots, longest, device=device)  # of this round's draft, by place
        self._places = torch.arange(longest, device=device)
        # Decaying sums over verified places of all rows: confidences, acceptances, places.
        self._verified = torch.tensor([7.0, 7.0, 10.0], device=device)
        self._lengths: dict[int, Tensor] = {}
        self._rounds = 0

    def limit(self, signals: Signals, costs: Costs, batch: int) -> Tensor:
        self._look_at(signals)
        self._rounds += 1
        turn = self._rounds % self.EVERY
        if not costs.measured(batch):
            return torch.zeros_like(self.first(batch).resting)
        known = self._lengths.get(batch)
        if known is not None and turn % 2 == 0:
            return known
        own, told = self.first(batch), signals.first(batch)
        if not signals.still:
            self._compare(own, told)
        judged = turn == 1 or known is None
        if judged:
            self._judge(own, told, costs, batch)
            own.resting.add_(self.EVERY).mul_(~own.wanted)
        wish = self._wish(batch)
        self._lengths = {batch: wish * own.wanted}
        probe = (own.resting % self.PROBE == 0).long()
        return torch.where(own.wanted, wish, probe) if judged else self._lengths[batch]

    def _wished(self, adapter: Adapter, told: Signals) -> Tensor:
        return super()._wished(adapter, told).clamp_min(1)

    def _compare(self, own: Dsde, told: Signals) -> None:
        """How sure the draft was, beside how right it was: a sample of the rounds tells."""
        looked = torch.minimum(told.accepted + 1, told.drafted)
        sure = (own.confidence * (self._places < looked[:, None])).sum()
        places = looked.sum()
        self._verified.mul_(torch.where(places > 0, 0.96, 1.0))
        self._verified.add_(torch.stack([sure, told.accepted.sum(), places]))

    def _judge(self, own: Dsde, told: Signals, costs: Costs, batch: int) -> None:
        """Which rows gain by drafting, and from which chance on a token is worth its time."""
        seconds = costs.rounds(batch, self.longest)
        marginal = (seconds[-1] - seconds[0]) / self.longest
        rates = expected_tokens(told.acceptance, self.longest) / placed(seconds, self.device)
        shares = (self._verified[:2] / self._verified[2]).clamp(0.02, 0.995)
        sure, right = shares.log().unbind()
        # P is the product of confidences to the power right / sure: so the border is taken to its inverse.
        own.border.copy_((rates.amax(-1) * (marginal / shares[1])).clamp_max(1.0) ** (sure / right).clamp(0.1, 8.0))
        own.wanted.copy_(rates[:, 1:].amax(-1) * seconds[0] > torch.where(own.resting > 0, self.RETURN, self.LEAVE))

    def begin(self, batch: int) -> None:
        self.chance[:batch] = 1.0

    def keep_going(self, logits: Tensor, place: int) -> Tensor | None:
        own = self.first(len(logits))
        confidence = torch.softmax(logits, -1).amax(-1)
        own.confidence[:, place] = confidence
        return own.chance.mul_(confidence) >= own.border

    def clear(self, row: int) -> None:
        super().clear(row)
        self._lengths = {}
        self.confidence[row] = 0.0
        self.resting[row] = 0
        self.wanted[row] = True
        self.border[row] = 0.0

    def move(self, source: int, target: int) -> None:
        super().move(source, target)
        self._lengths = {}


class UncappedDsde(Dsde):
    """The default without the batch cap."""

    name = "dsde-uncapped"
    cap = False
