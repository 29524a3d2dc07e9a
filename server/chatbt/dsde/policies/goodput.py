"""The length with the most expected tokens for its time (Liu et al.: SmartSpec, arXiv 2406.14066), row by row."""

from __future__ import annotations

import torch
from torch import Tensor

from chatbt.dsde.costs import Costs, expected_tokens
from chatbt.dsde.policies.base import Policy
from chatbt.dsde.signals import Signals
from chatbt.dsde.slots import placed

PROBE = 16


class Goodput(Policy):
    """argmax over k of E(k) / seconds(k), with the row's mean acceptance and measured costs. k may be 0; then every
    16th round drafts one token, to notice when drafting pays again."""

    name = "goodput"

    def __init__(self, slots: int, device: torch.device, longest: int) -> None:
        super().__init__(slots, device, longest)
        self.idle = torch.zeros(slots, dtype=torch.int64, device=device)

    def limit(self, signals: Signals, costs: Costs, batch: int) -> Tensor:
        seconds = placed(costs.rounds(batch, self.longest), self.device)
        best = (expected_tokens(signals.acceptance[:batch], self.longest) / seconds).argmax(-1)
        idle = self.idle[:batch]
        idle.copy_(torch.where(best > 0, 0, (idle + 1) % PROBE))
        return torch.where((best == 0) & (idle == 0), 1, best)

    def clear(self, row: int) -> None:
        self.idle[row] = 0
