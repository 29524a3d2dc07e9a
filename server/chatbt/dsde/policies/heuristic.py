"""Two more after a draft that was accepted in full, one less after any other: transformers' `heuristic` schedule."""

from __future__ import annotations

import torch
from torch import Tensor

from chatbt.dsde.costs import Costs
from chatbt.dsde.policies.base import Policy
from chatbt.dsde.signals import Signals


class Heuristic(Policy):
    """Begins with 5, by row."""

    name = "heuristic"

    def __init__(self, slots: int, device: torch.device, longest: int) -> None:
        super().__init__(slots, device, longest)
        self.length = torch.full((slots,), min(5, longest), device=device)

    def limit(self, signals: Signals, costs: Costs, batch: int) -> Tensor:
        drafted, accepted = signals.drafted[:batch], signals.accepted[:batch]
        length = self.length[:batch]
        moved = torch.where(accepted == drafted, length + 2, length - 1).clamp(1, self.longest)
        length.copy_(torch.where(drafted > 0, moved, length))
        return length.clone()

    def clear(self, row: int) -> None:
        self.length[row] = min(5, self.longest)
