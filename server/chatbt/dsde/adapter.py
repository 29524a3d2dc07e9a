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

from chatbt.dsde.signals import Signals, weights


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


PAPER = Preset()
AUTHORS = Preset(factor=0.5, shortest=6, shortest_share=0.1, decay=0.9)
"""The constants of the authors' public code (its defaults: lengths from 6 to 20)."""
OURS = Preset(shortest=0)
"""The paper's, down to length 0."""


class Adapter:
    """The lengths of `slots` sequences, from their signals."""

    def __init__(self, slots: int, device: torch.device, longest: int, preset: Preset) -> None:
        self.preset = preset
        self.longest = longest
        self.trial = torch.full((slots,), min(preset.start, longest), device=device)
        self.ceiling = torch.full((slots,), -1.0, device=device)
        self._weights = weights(preset.decay, device)

    def clear(self, row: int) -> None:
        """A new sequence begins in `row`."""
        self.trial[row] = min(self.preset.start, self.longest)
        self.ceiling[row] = -1

    def move(self, source: int, target: int) -> None:
        """Let row `target` be what `source` is."""
        for part in (self.trial, self.ceiling):
            part[target] = part[source]

    def calibrated(self, batch: int) -> Tensor:
        """[B]: rows whose SL_max is known."""
        return self.ceiling[:batch] >= 0

    def predict(self, signals: Signals, batch: int) -> Tensor:
        """SL^ [B], float, rounded up, of the first B rows."""
        preset, rows = self.preset, slice(0, batch)
        seen = signals.seen[rows]
        full = (signals.accepted[rows] == signals.drafted[rows]) & (signals.drafted[rows] > 0)
        trial, ceiling = self.trial[rows], self.ceiling[rows]
        trial.copy_(torch.where(full & (ceiling < 0), 2 * trial, trial).clamp(max=self.longest))
        mean = signals.total[rows] / seen.clamp_min(1)
        highest = signals.most_accepted[rows] * (1 + preset.factor * mean / (signals.highest[rows] + 1e-6))
        highest = highest.round().clamp(max(preset.shortest, 1), self.longest)
        ceiling.copy_(torch.where((ceiling < 0) & (seen >= preset.calibration), highest, ceiling))
        shortest = (preset.shortest_share * ceiling).ceil().clamp_min(preset.shortest)
        unrest = torch.expm1(2 * signals.last_mean[rows]) * signals.stability(batch, self._weights)
        length = (1 - unrest.clamp(max=1.0)) * (ceiling - shortest).clamp_min(0) + shortest
        return torch.where(ceiling < 0, trial.float(), length.ceil().clamp(max=self.longest))
