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
from chatbt.dsde.slots import placed


class PaperDsde(Policy):
    """The paper's predicted length, and the batch cap."""

    name = "dsde-paper"
    preset: ClassVar[Preset] = PAPER
    decay = preset.decay
    cap = True

    def __init__(self, slots: int, device: torch.device, longest: int) -> None:
        super().__init__(slots, device, longest)
        self.adapter = Adapter(slots, device, longest, self.preset)

    def limit(self, signals: Signals, costs: Costs, batch: int) -> Tensor:
        length = self.adapter.predict(signals, batch)
        return (capped(length, self.adapter.calibrated(batch)) if self.cap and batch > 1 else length).long()

    def clear(self, row: int) -> None:
        self.adapter.clear(row)


class AuthorsDsde(PaperDsde):
    """The constants of the authors' code."""

    name = "dsde-authors"
    preset = AUTHORS
    decay = preset.decay


class Dsde(PaperDsde):
    """The default: DSDE whose draft ends where the next token is not worth its time, and may have no token at all.

    A token that will be accepted with probability P is worth drafting if P is more than the tokens that plain decoding
    would make in the time that it costs, at the speed now reached: P >= rate * (seconds of a draft step and of one more
    verified place). P is the product of the draft's own confidences, to the power that makes their mean what has been
    accepted: a draft may be surer, or less sure, than it is right. Where even the best length gains nothing the row
    drafts nothing, but for a probe now and then; the border is crossed with hysteresis. Before it judges, one round
    without a draft is measured.
    """

    name = "dsde"
    preset = OURS
    LEAVE, RETURN = 0.98, 1.05
    """Of plain decoding's speed: a row stops below the one and begins again above the other."""
    EVERY = 4
    """Rounds between two looks at the costs."""
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
        own, told = self.first(batch), signals.first(batch)
        self._rounds += 1
        if not signals.still and self._rounds % 2:
            self._compare(own, told)
        if not costs.measured(batch):
            return torch.zeros_like(own.resting)
        if self._rounds % self.EVERY == 1:
            self._judge(own, told, costs, batch)
        own.resting.add_(1).mul_(~own.wanted)
        probe = (own.resting % self.PROBE == self.PROBE - 1).long()
        if not signals.still or batch not in self._lengths:
            # What no round has changed is not computed anew.
            self._lengths = {batch: super().limit(signals, costs, batch).clamp_min(1)}
        return torch.where(own.wanted, self._lengths[batch], probe)

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
        rate = (expected_tokens(told.acceptance, self.longest) / placed(seconds, self.device)).amax(-1)
        sure, right = (self._verified[:2] / self._verified[2]).clamp(0.02, 0.995).log().unbind()
        # P is the product of confidences to the power right / sure: so the border is taken to its inverse.
        own.border.copy_((rate * marginal).clamp_max(1.0) ** (sure / right).clamp(0.1, 8.0))
        gain = told.progress * (costs.plain(batch) / costs.tried(batch))
        own.wanted.copy_(gain > torch.where(own.resting > 0, self.RETURN, self.LEAVE))

    def begin(self, batch: int) -> None:
        own = self.first(batch)
        own.chance.copy_(torch.where(own.resting > 0, torch.inf, 1.0))  # a probe is drafted whatever its chance

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
