"""Which drafted tokens stay: pure functions, and the only place where the output is decided.

Shapes: B rows, K drafted places, V tokens. `counts` is the number of accepted tokens of each row, `following` the token
behind them, which the target itself has chosen. A row accepts at most `limits` tokens.
"""

from __future__ import annotations

import torch
from torch import Tensor

from chatbt.dsde.sampling import drawn, raced


def agreed(drafted: Tensor, chosen: Tensor, limits: Tensor) -> tuple[Tensor, Tensor]:
    """Accept as long as the target's own choice [B, K+1] is the drafted token [B, K].

    With the target's argmax this is greedy decoding; with its draws by a shared race (`raced`), sampling whose result
    does not depend on the draft (Daliri, Musco, Suresh: Coupling without Communication, 2024).
    """
    places = torch.arange(drafted.shape[1], device=drafted.device)
    agree = (drafted == chosen[:, :-1]) & (places < limits[:, None])
    counts = agree.cumprod(1).sum(1)
    return counts, chosen.gather(1, counts[:, None]).squeeze(1)


def coupled(target: Tensor, exponential: Tensor, drafted: Tensor, limits: Tensor) -> tuple[Tensor, Tensor]:
    """`agreed` with a draw from the target [B, K+1, V] by the race that the draft ran too."""
    return agreed(drafted, raced(target, exponential), limits)


def rejection(
    target: Tensor, draft: Tensor, drafted: Tensor, limits: Tensor, accept: Tensor, replace: Tensor
) -> tuple[Tensor, Tensor]:
    """Accept x with probability min(1, p(x) / q(x)); else draw from the normalised max(0, p - q); behind a draft that
    is accepted in full draw from p (Leviathan, Kalman, Matias: Fast Inference from Transformers via Speculative
    Decoding, 2023). The result is distributed as draws from p alone.

    `target` p [B, K+1, V]; `draft` q [B, K, V]; uniforms `accept` [B, K] and `replace` [B, K+1].
    """
    places = torch.arange(drafted.shape[1], device=drafted.device)
    p = target[:, :-1].gather(2, drafted[..., None]).squeeze(2)
    q = draft.gather(2, drafted[..., None]).squeeze(2)
    # u < p / q, without the division: q is 0 for no token that was drawn from it.
    accepted = (accept * q < p) & (places < limits[:, None])
    counts = accepted.cumprod(1).sum(1)
    every = torch.arange(len(counts), device=counts.device)
    at = target[every, counts]
    rest = at
    if drafted.shape[1]:
        last = counts.clamp(max=drafted.shape[1] - 1)
        left = (at - draft[every, last]).clamp_min_(0.0)
        # p <= q everywhere leaves nothing but rounding: then p itself is right.
        possible = (counts < limits) & (left.sum(1) > 0)
        rest = torch.where(possible[:, None], left, at)
    return counts, drawn(rest, replace[every, counts])
