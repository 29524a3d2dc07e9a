"""The two hooks of a policy: how long a draft may be, and whether to go on with it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor

from chatbt.dsde.costs import Costs
from chatbt.dsde.signals import Signals
from chatbt.dsde.slots import PerSlot


class Policy(PerSlot, ABC):
    """Says how many tokens each row may draft. A subclass in this folder is found by its `name`.

    A policy may look at verified history and at the draft's own distributions, never at target results of tokens that
    have not been admitted: so it cannot change what is emitted, only how fast.
    """

    name: ClassVar[str]
    decay: ClassVar[float] = 0.85
    """Of the weights in the signals' windows."""

    def __init__(self, slots: int, device: torch.device, longest: int) -> None:
        self.longest = longest
        self.device = device

    @abstractmethod
    def limit(self, signals: Signals, costs: Costs, batch: int) -> Tensor:
        """Speculation length [B], int64, 0 to `longest`, of the next round of the first B rows."""

    def begin(self, batch: int) -> None:
        """A round of B rows begins to draft."""

    def keep_going(self, logits: Tensor, place: int) -> Tensor | None:
        """Whether to draft behind `place` (0 is the first), from the draft's logits [B, V] there; None: yes, all. The
        token of `place` itself is drafted: its step is paid for.

        On a GPU it is recorded once and then played (see `graphs`): what it keeps between calls it keeps in tensors
        that it changes in place, and it looks at no value on the host.
        """
        return None

    def clear(self, row: int) -> None:
        """A new sequence begins in `row`."""
