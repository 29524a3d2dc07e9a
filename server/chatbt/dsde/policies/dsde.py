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
    verified place). P is the product of the draft's own confidences. Where even the best length gains nothing the row
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
        self._rounds = 0

    def limit(self, signals: Signals, costs: Costs, batch: int) -> Tensor:
        length = super().limit(signals, costs, batch)
        if not costs.measured(batch):
            return torch.zeros_like(length)
        own = self.first(batch)
        if self._rounds % self.EVERY == 0:
            self._judge(own, signals.first(batch), costs, batch)
        self._rounds += 1
        own.resting.add_(1).mul_(~own.wanted)
        probe = own.resting % self.PROBE == self.PROBE - 1
        return torch.where(own.wanted, length.clamp_min(1), probe.long())

    def _judge(self, own: Dsde, told: Signals, costs: Costs, batch: int) -> None:
        """Which rows gain by drafting, and from which chance on a token is worth its time."""
        seconds = costs.rounds(batch, self.longest)
        marginal = (seconds[-1] - seconds[0]) / self.longest
        rate = (expected_tokens(told.acceptance, self.longest) / torch.tensor(seconds, device=self.device)).amax(-1)
        own.border.copy_(rate * marginal)
        gain = told.progress * (costs.plain(batch) / costs.tried(batch))
        own.wanted.copy_(gain > torch.where(own.resting > 0, self.RETURN, self.LEAVE))

    def begin(self, batch: int) -> None:
        self.chance[:batch] = 1.0

    def keep_going(self, logits: Tensor, place: int) -> Tensor | None:
        own = self.first(len(logits))
        own.chance.mul_(torch.softmax(logits, -1).amax(-1))
        return (own.chance >= own.border) | (own.resting > 0)

    def clear(self, row: int) -> None:
        super().clear(row)
        self.resting[row] = 0
        self.wanted[row] = True
        self.border[row] = 0.0
