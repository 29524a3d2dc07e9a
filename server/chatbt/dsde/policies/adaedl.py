"""AdaEDL, row by row: stop where the draft's entropy bounds its acceptance below a moving threshold.

(Agrawal, Jeon, Lee: AdaEDL, arXiv 2410.18351.) Acceptance is at least 1 - sqrt(gamma H(q)); the threshold lambda rises
while too little is accepted and sinks while all is.
"""

from __future__ import annotations

import torch
from torch import Tensor

from chatbt.dsde.costs import Costs
from chatbt.dsde.policies.base import Policy
from chatbt.dsde.signals import Signals

GAMMA, STEP, TARGET = 0.2, 0.01, 0.9
BASE = 7


class AdaEdl(Policy):
    """At most 7 tokens a round. One row's doubt does not stop the others'."""

    name = "adaedl"

    def __init__(self, slots: int, device: torch.device, longest: int) -> None:
        super().__init__(slots, device, longest)
        self.threshold = torch.full((slots,), 0.2, device=device)
        self.mean = torch.full((slots,), TARGET, device=device)

    def limit(self, signals: Signals, costs: Costs, batch: int) -> Tensor:
        drafted, accepted = signals.drafted[:batch], signals.accepted[:batch]
        threshold, mean = self.threshold[:batch], self.mean[:batch]
        drafting = drafted > 0
        share = accepted / drafted.clamp_min(1)
        mean.copy_(torch.where(drafting, 0.5 * mean + 0.5 * share, mean))
        full = accepted == drafted
        aim = threshold + STEP * ((mean < TARGET).float() - ((mean > TARGET) & full).float())
        threshold.copy_(torch.where(drafting, 0.9 * threshold + 0.1 * aim, threshold))
        return torch.full((batch,), min(BASE, self.longest), device=self.device)

    def keep_going(self, logits: Tensor, place: int) -> Tensor | None:
        entropy = torch.special.entr(torch.softmax(logits, -1)).sum(-1)
        bound: Tensor = 1 - (GAMMA * entropy).clamp_min(0).sqrt()
        return bound >= self.threshold[: len(logits)]

    def clear(self, row: int) -> None:
        self.threshold[row] = 0.2
        self.mean[row] = TARGET
