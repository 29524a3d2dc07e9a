"""Draft as long as the draft is sure of its token: transformers' default, without its refitted threshold."""

from __future__ import annotations

import torch
from torch import Tensor

from chatbt.dsde.costs import Costs
from chatbt.dsde.policies.base import Policy
from chatbt.dsde.signals import Signals

THRESHOLD = 0.4


class Confidence(Policy):
    """Stops behind the first place whose likeliest token has a probability below 0.4."""

    name = "confidence"

    def limit(self, signals: Signals, costs: Costs, batch: int) -> Tensor:
        return torch.full((batch,), self.longest, device=self.device)

    def keep_going(self, logits: Tensor, place: int) -> Tensor | None:
        return torch.softmax(logits, -1).amax(-1) >= THRESHOLD
