"""Tests of draws against their distribution. The draws are seeded, so a verdict is always the same."""

from __future__ import annotations

import torch
from torch import Tensor

DOUBT = 1e-3
"""Of all the cases of one test together (Bonferroni): how likely the right distribution would be turned down."""


def drawn_from(draws: Tensor, expected: Tensor, cases: int = 1) -> bool:
    """Whether draws [N], numbers of cells, are from the distribution `expected` [cells] (Pearson's chi-square)."""
    observed = torch.bincount(draws, minlength=len(expected)).double()
    expected = expected.double() * len(draws)
    if observed[expected == 0].any():
        return False
    # Cells of fewer than five expected draws are taken together.
    rare = (expected > 0) & (expected < 5)
    cells = [(observed[~rare & (expected > 0)], expected[~rare & (expected > 0)])]
    if expected[rare].sum() > 0:
        cells.append((observed[rare].sum()[None], expected[rare].sum()[None]))
    seen, due = (torch.cat([cell[part] for cell in cells]) for part in (0, 1))
    statistic = ((seen - due).square() / due).sum()
    freedom = len(due) - 1
    if not freedom:
        return bool(statistic < 1e-9)
    return float(torch.special.gammaincc(torch.tensor(freedom / 2).double(), statistic / 2)) > DOUBT / cases


def uniform_on_0_1(draws: Tensor, cases: int = 1) -> bool:
    """Whether draws [N] are uniform (Kolmogorov and Smirnov)."""
    ordered = draws.double().flatten().sort().values
    ranks = torch.arange(len(ordered) + 1, dtype=torch.float64) / len(ordered)
    distance = max(float((ranks[1:] - ordered).max()), float((ordered - ranks[:-1]).max()))
    return 2 * float(torch.tensor(-2 * len(ordered) * distance**2).exp()) > DOUBT / cases


def numbers(*shape: int, seed: int) -> Tensor:
    """Uniform numbers that are always the same."""
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))
