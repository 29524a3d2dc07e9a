"""DSDE once more, slowly, in plain Python: lists of floats, one sequence, the formulas as they are printed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from chatbt.dsde.adapter import Preset


def divergence(p: list[float], q: list[float]) -> float:
    """KLD_t = sum_v p_t(v) ln(p_t(v) / q_t(v)), no probability below 1e-8."""
    pairs = [(max(a, 1e-8), max(b, 1e-8)) for a, b in zip(p, q, strict=True)]
    return sum(a * math.log(a / b) for a, b in pairs)


def variance(newest_first: list[float], decay: float) -> float:
    """Var_w(x) = sum_i w_i (x_i - m_w)^2 / sum_i w_i, m_w = sum_i w_i x_i / sum_i w_i, w_i = decay^age."""
    weights = [decay**age for age in range(len(newest_first))]
    mean = sum(w * x for w, x in zip(weights, newest_first, strict=True)) / sum(weights)
    return sum(w * (x - mean) ** 2 for w, x in zip(weights, newest_first, strict=True)) / sum(weights)


@dataclass(slots=True)
class Sequence:
    """The history of one sequence and what it says."""

    preset: Preset
    longest: int
    history: list[float] = field(default_factory=list)
    """Oldest first."""
    last: list[float] = field(default_factory=list)
    """Of the latest round that drafted."""
    most_accepted: int = 0
    ceiling: float | None = None
    trial: int = 0

    def __post_init__(self) -> None:
        self.trial = min(self.preset.start, self.longest)

    def round(self, divergences: list[float], drafted: int, accepted: int) -> None:
        """Take in a round, then what follows from it for the length."""
        if looked := divergences[: min(accepted + 1, drafted)]:
            self.history += looked
            self.last = looked
            self.most_accepted = max(self.most_accepted, accepted)
        if self.ceiling is None and drafted and accepted == drafted:
            self.trial = min(2 * self.trial, self.longest)
        if self.preset.grows and self.ceiling is not None and drafted >= self.ceiling and accepted == drafted:
            self.ceiling = min(2 * self.ceiling, self.longest)
        if self.ceiling is None and len(self.history) >= self.preset.calibration:
            mean = sum(self.history) / len(self.history)
            # Eq. 1
            self.ceiling = self.most_accepted * (1 + self.preset.factor * mean / (max(self.history) + 1e-6))
            self.ceiling = min(max(round(self.ceiling), self.preset.shortest, 1), self.longest)

    def stability(self, decay: float) -> float:
        """WVIR, Eq. 4."""
        if len(self.history) < 2:
            return 0.0
        newest = self.history[::-1]
        long = variance(newest[:30], decay)
        return 20.0 if long < 1e-6 else variance(newest[:10], decay) / long

    def predicted(self) -> float:
        """SL^ before it is rounded up, Eqs. 3 and 8; the trial's length before the calibration is over."""
        if self.ceiling is None:
            return self.trial
        shortest = max(self.preset.shortest, math.ceil(self.preset.shortest_share * self.ceiling))
        scale = math.exp(2 * sum(self.last) / len(self.last)) - 1
        unrest = scale * self.stability(self.preset.decay)
        length = (1 - unrest) * max(self.ceiling - shortest, 0) + shortest if unrest <= 1 else shortest
        return min(length, self.longest)
