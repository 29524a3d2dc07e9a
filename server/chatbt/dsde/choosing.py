"""The two choices of a round: what the draft proposes at a place, and what of it stays."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from chatbt.dsde.acceptance import agreed, coupled, rejection
from chatbt.dsde.drafters.base import Draft, Rows
from chatbt.dsde.sampling import ACCEPT, DRAFT, REPLACE, drawn, exponentials, likeliest, raced, uniform
from chatbt.dsde.slots import placed


def proposed(rows: Rows, logits: Tensor, earlier: list[Tensor]) -> tuple[Tensor, Tensor | None]:
    """The draft's token [B] at a place, from its logits [B, V], and the distribution [B, V] it was drawn from.

    `earlier` are the tokens [B] drafted before it in this round. The distribution is None where nobody samples.
    """
    seen = _seen(rows, torch.stack(earlier, 1) if earlier else None, logits.shape[-1])
    seen = None if seen is None else seen[:, -1:]
    best = likeliest(rows.processors.penalise(logits[:, None], seen)[:, 0])
    if rows.greedy:
        return best, None
    distribution = rows.processors.distribution(logits[:, None], seen)[:, 0]
    positions = rows.lengths + len(earlier)
    race = raced(distribution, exponentials(rows.seeds, positions, logits.shape[-1]))
    draw = drawn(distribution, uniform(rows.seeds, _afresh(rows.lengths, len(earlier)), DRAFT))
    sampled = torch.where(rows.seeded, race, draw)
    return torch.where(rows.processors.temperature > 0, sampled, best), distribution


def admitted(rows: Rows, draft: Draft, logits: Tensor) -> tuple[Tensor, Tensor]:
    """How many drafted tokens of each row stay [B], and the target's own token behind them [B].

    `logits` [B, K+1, V] are the target's. Greedy rows keep what equals the argmax, rows with a seed what equals their
    draw, the others follow the rejection rule.
    """
    width = draft.tokens.shape[1]
    seen = _seen(rows, draft.tokens, logits.shape[-1])
    best = likeliest(rows.processors.penalise(logits, seen))
    if rows.greedy and not width:
        return draft.limits, best[:, 0]  # nothing was drafted: the limits are 0
    counts, following = agreed(draft.tokens, best, draft.limits)
    if rows.greedy:
        return counts, following
    target = rows.processors.distribution(logits, seen)
    positions = rows.lengths[:, None] + torch.arange(width + 1, device=logits.device)
    seeds = rows.seeds[:, None]
    race = coupled(target, exponentials(seeds, positions, logits.shape[-1]), draft.tokens, draft.limits)
    draw = rejection(
        target,
        _distribution(draft, target),
        draft.tokens,
        draft.limits,
        uniform(seeds, _afresh(rows.lengths[:, None], torch.arange(width, device=logits.device)), ACCEPT),
        uniform(seeds, positions, REPLACE),
    )
    samples = rows.processors.temperature > 0
    return (
        torch.where(samples, torch.where(rows.seeded, race[0], draw[0]), counts),
        torch.where(samples, torch.where(rows.seeded, race[1], draw[1]), following),
    )


def _afresh(lengths: Tensor, places: Tensor | int) -> Tensor:
    """Keys of random numbers by round and place. By position they would come again after a refusal, when what they
    gave may already have shown in the length of this round's draft."""
    return (lengths << 16) + places


def _distribution(draft: Draft, target: Tensor) -> Tensor:
    """q [B, K, V]: the draft model's, one-hot where a token was copied."""
    if draft.probabilities is not None and all(draft.modelled):
        return draft.probabilities
    sure = functional.one_hot(draft.tokens, target.shape[-1]).to(target.dtype)
    if draft.probabilities is None:
        return sure
    modelled = placed(draft.modelled, target.device)
    return torch.where(modelled[:, None, None], draft.probabilities, sure)


def _seen(rows: Rows, drafted: Tensor | None, vocab: int) -> Tensor | None:
    """[B, K+1, V]: the tokens that stand before each place, where a row has a penalty."""
    if rows.seen is None:
        return None
    seen = rows.seen[:, None, :vocab]
    if drafted is None or not drafted.shape[1]:
        return seen
    added = functional.one_hot(drafted, vocab).cumsum(1) > 0
    return torch.cat([seen, seen | added], 1)


def fitted(logits: Tensor, vocab: int) -> Tensor:
    """The draft's logits [..., V'] over the target's vocabulary: padding cut off, or tokens it lacks impossible."""
    if logits.shape[-1] >= vocab:
        return logits[..., :vocab]
    return functional.pad(logits, (0, vocab - logits.shape[-1]), value=-torch.inf)
