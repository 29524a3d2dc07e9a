"""From logits to distributions, and random numbers keyed by seed and position.

Shapes: N rows (B * W flattened, or as they come), V tokens.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

DRAFT, ACCEPT, REPLACE = range(3)
"""What a random number is for: another stream for each."""
BLOCK, MANY = 64, 8
"""Tokens of a block, and the rows from which on `likeliest` looks for the best block first."""


def likeliest(logits: Tensor) -> Tensor:
    """argmax over the last dimension; of equal ones the first.

    A processor finds the largest number quickly, but not its place: of many rows it is faster to find the block first.
    """
    tokens = logits.shape[-1]
    if logits.device.type != "cpu" or tokens % BLOCK or logits.numel() < MANY * tokens:
        return logits.argmax(-1)
    blocks = logits.unflatten(-1, (-1, BLOCK))
    block = blocks.amax(-1).argmax(-1, keepdim=True)
    inside = blocks.gather(-2, block[..., None].expand(*block.shape, BLOCK)).squeeze(-2)
    found: Tensor = block.squeeze(-1) * BLOCK + inside.argmax(-1)
    return found


@dataclass(frozen=True, slots=True)
class Processors:
    """The parameters of each row, [B] each; `plain` says that no row changes more than the temperature."""

    temperature: Tensor
    top_k: Tensor
    top_p: Tensor
    min_p: Tensor
    penalty: Tensor
    plain: bool
    penalised: bool

    def distribution(self, logits: Tensor, seen: Tensor | None) -> Tensor:
        """Probabilities [B, W, V] after penalty, temperature, top-k, top-p and min-p, in the order of transformers.

        Greedy rows get the softmax at temperature 1. `seen` [B, W, V] marks the tokens that stand before each place;
        it is needed where a row has a penalty.
        """
        logits = self.penalise(logits, seen)
        scale = torch.where(self.temperature > 0, self.temperature, 1.0)[:, None, None]
        probabilities = torch.softmax(logits / scale, -1)
        return probabilities if self.plain else self._narrowed(probabilities)

    def penalise(self, logits: Tensor, seen: Tensor | None) -> Tensor:
        """Logits of tokens that were seen: divided by the penalty where positive, else multiplied (Keskar et al.,
        CTRL, 2019)."""
        if not self.penalised or seen is None:
            return logits
        penalty = self.penalty[:, None, None]
        return torch.where(seen, torch.where(logits > 0, logits / penalty, logits * penalty), logits)

    def _narrowed(self, probabilities: Tensor) -> Tensor:
        ordered, order = probabilities.sort(-1, descending=True)
        rank = torch.arange(ordered.shape[-1], device=ordered.device)
        top_k = torch.where(self.top_k > 0, self.top_k, ordered.shape[-1])[:, None, None]
        kept = (rank < top_k).expand_as(ordered)
        within = torch.where(kept, ordered, 0.0)
        within = within / within.sum(-1, keepdim=True)
        # Rounding lets the sum reach 1 before the last tokens: at 1 all stay.
        top_p = torch.where(self.top_p < 1, self.top_p, torch.inf)[:, None, None]
        kept = kept & (within.cumsum(-1) - within < top_p)
        kept = kept & (ordered >= self.min_p[:, None, None] * ordered[..., :1]) | (rank == 0)
        narrowed = torch.zeros_like(probabilities).scatter_(-1, order, torch.where(kept, ordered, 0.0))
        # A row that asks for nothing keeps its very bits, whatever its neighbours ask for.
        asks = (self.top_k > 0) | (self.top_p < 1) | (self.min_p > 0)
        return torch.where(asks[:, None, None], narrowed / narrowed.sum(-1, keepdim=True), probabilities)


def uniform(seeds: Tensor, positions: Tensor, purpose: int) -> Tensor:
    """Numbers in [0, 1), float32, the same for the same seed, position and purpose whatever stands beside them."""
    return _fraction(_mixed(_mixed(seeds ^ _signed(0x9E3779B97F4A7C15 * (purpose + 1))) + positions))


def exponentials(seeds: Tensor, positions: Tensor, vocab: int) -> Tensor:
    """Exponential variates [..., vocab], float32, keyed by seed, position and token."""
    keys = _mixed(_mixed(seeds ^ _signed(0xD1B54A32D192ED03)) + positions)
    tokens = torch.arange(vocab, device=seeds.device) * _signed(0x9E3779B97F4A7C15)
    # As fine as float32 is near 0, and never 0: in a large vocabulary some token would win by a time of 0 each
    # hundredth race, however unlikely it is. Never 1 either: the time must be finite.
    early = (_shifted(_mixed(keys[..., None] + tokens), 24).float() + 0.5) * 2.0**-40
    return -torch.log1p(-early.clamp_(max=1 - 2.0**-24))


def drawn(probabilities: Tensor, uniforms: Tensor) -> Tensor:
    """The token of each row [..., V] at which the cumulated probability passes the uniform [...]."""
    cumulated = probabilities.double().cumsum(-1)
    # Scaled by the last sum: rounding must not leave a gap above it.
    wanted = uniforms.double().unsqueeze(-1) * cumulated[..., -1:]
    return (cumulated <= wanted).sum(-1).clamp_(max=probabilities.shape[-1] - 1)


def raced(probabilities: Tensor, exponential: Tensor) -> Tensor:
    """The token that comes first when each arrives after an exponential time over its probability: a draw from the
    distribution (the Gumbel-max trick in another form)."""
    return likeliest(probabilities / exponential.clamp_min(1e-30))


def _mixed(bits: Tensor) -> Tensor:
    """The finaliser of splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014)."""
    bits = (bits ^ _shifted(bits, 30)) * _signed(0xBF58476D1CE4E5B9)
    bits = (bits ^ _shifted(bits, 27)) * _signed(0x94D049BB133111EB)
    return bits ^ _shifted(bits, 31)


def _shifted(bits: Tensor, by: int) -> Tensor:
    """A logical shift to the right: torch's own carries the sign."""
    return (bits >> by) & ((1 << (64 - by)) - 1)


def _fraction(bits: Tensor) -> Tensor:
    return _shifted(bits, 40).float() * 2.0**-24


def _signed(value: int) -> int:
    value &= 2**64 - 1
    return value - 2**64 if value >= 2**63 else value
