"""Always the same length."""

from __future__ import annotations

import torch
from torch import Tensor

from chatbt.dsde.costs import Costs
from chatbt.dsde.policies.base import Policy
from chatbt.dsde.signals import Signals


class Fixed(Policy):
    """`longest` tokens in every round."""

    name = "fixed"

    def limit(self, signals: Signals, costs: Costs, batch: int) -> Tensor:
        return torch.full((batch,), self.longest, device=self.device)
