"""The predicted speculation length of DSDE (arXiv 2509.01083): how far the draft has been right, how steadily.

    SL_max = A_max (1 + f mu / (KLD_max + eps))          Eq. 1, f = 1; over the sequence's first verified tokens
    SF     = exp(2 mu_last) - 1                          Eq. 3
    SL^    = (1 - SF WVIR) (SL_max - SL_min) + SL_min    Eq. 8, where SF WVIR <= 1; else SL_min

What the paper's public descriptions leave open is chosen here: calibration lasts for 30 verified tokens and is part of
decoding, beginning with 5 tokens and doubling after a draft that was accepted in full (as the authors' code does).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from chatbt.dsde.signals import Signals
from chatbt.dsde.slots import PerSlot


@dataclass(frozen=True, slots=True)
class Preset:
    """The constants of a variant."""

    factor: float = 1.0
    """f of Eq. 1."""
    shortest: int = 2
    """SL_min; with `shortest_share` the larger of the two."""
    shortest_share: float = 0.0
    decay: float = 0.85
    start: int = 5
    calibration: int = 30
    """Verified tokens before the formulas count."""
    grows: bool = False
    """Whether SL_max doubles where a draft of that length was accepted in full; the paper's is fixed for good."""


PAPER = Preset()
AUTHORS = Preset(factor=0.5, shortest=6, shortest_share=0.1, decay=0.9)
"""The constants of the authors' public code (its defaults: lengths from 6 to 20)."""
OURS = Preset(shortest=0, grows=True)
"""The paper's, down to length 0 and up again."""


class Adapter(PerSlot):
    """The lengths of `slots` sequences, from their signals."""

    def __init__(self, slots: int, device: torch.device, longest: int, preset: Preset) -> None:
        self.preset = preset
        self.longest = longest
        self.trial = torch.full((slots,), min(preset.start, longest), device=device)
        self.ceiling = torch.full((slots,), -1.0, device=device)  # SL_max, -1 until it is known

    def clear(self, row: int) -> None:
        """A new sequence begins in `row`."""
        self.trial[row] = min(self.preset.start, self.longest)
        self.ceiling[row] = -1

    @property
    def calibrated(self) -> Tensor:
        """[B]: rows whose SL_max is known."""
        return self.ceiling >= 0

    def predicted(self, told: Signals) -> Tensor:
        """SL^ [B], float, rounded up, from the signals of the same rows."""
        preset = self.preset
        self._calibrate(told)
        calm = (1 - torch.expm1(2 * told.last_mean) * told.ratio).clamp_min_(0.0)
        if preset.shortest or preset.shortest_share:
            shares = (preset.shortest_share * self.ceiling).ceil_().clamp_(min=preset.shortest)
            length = torch.addcmul(shares, calm, (self.ceiling - shares).clamp_min_(0.0))
        else:
            length = calm * self.ceiling
        return torch.where(self.ceiling < 0, self.trial, length.ceil_().clamp_(max=self.longest))

    def _calibrate(self, told: Signals) -> None:
        """Find SL_max of rows that have seen enough; lengthen the trial of the others where all was accepted."""
        unknown = self.ceiling < 0
        full = (told.accepted == told.drafted) & (told.drafted > 0)
        self.trial.mul_(1 + (full & unknown).long()).clamp_(max=self.longest)
        mean = told.total / told.seen.clamp_min(1)
        highest = told.most_accepted * (1 + self.preset.factor * mean / (told.highest + 1e-6))
        highest = highest.round().clamp(max(self.preset.shortest, 1), self.longest)
        if self.preset.grows:
            self.ceiling.mul_(1 + (full & (told.drafted >= self.ceiling) & ~unknown).long()).clamp_(max=self.longest)
        self.ceiling.copy_(torch.where(unknown & (told.seen >= self.preset.calibration), highest, self.ceiling))
