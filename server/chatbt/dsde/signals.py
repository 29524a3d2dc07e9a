"""What verified rounds say about draft and target, kept on the device in one row for each slot.

The signal of DSDE (arXiv 2509.01083) is the KL divergence of each verified token,

    KLD_t = sum_v p_t(v) ln(p_t(v) / q_t(v)),   p the target's, q the draft's raw softmax,

and how steady it is: WVIR, the ratio of its weighted variance over the last 10 tokens to that over the last 30 (Eq. 4).
"""

from __future__ import annotations

import torch
from torch import Tensor

SHORT, LONG = 10, 30
"""The windows, in verified tokens."""


def divergence(target: Tensor, draft: Tensor) -> Tensor:
    """KLD [...] in nats from logits [..., V] of the target and [..., V'] of the draft, over what both know.

    The common vocabulary is the shorter one: tokenizers that are padded differently agree on their first tokens. As in
    the authors' code no probability counts as less than 1e-8.
    """
    common = min(target.shape[-1], draft.shape[-1])
    floor = -18.420680743952367  # ln 1e-8
    log_p = torch.log_softmax(target[..., :common], -1).clamp_min(floor)
    log_q = torch.log_softmax(draft[..., :common], -1).clamp_min(floor)
    return (log_p.exp() * (log_p - log_q)).sum(-1)


def weights(decay: float, device: torch.device) -> Tensor:
    """decay^age [LONG]: what a token counts by its age, newest first."""
    return decay ** torch.arange(LONG, device=device)


class Signals:
    """The history of `slots` sequences. Every tensor has a row for each slot; see the comments for what a column is."""

    def __init__(self, slots: int, device: torch.device) -> None:
        self.history = torch.zeros(slots, LONG, device=device)  # KLDs, newest first
        self.seen = torch.zeros(slots, dtype=torch.int64, device=device)  # verified tokens with a KLD
        self.last_mean = torch.zeros(slots, device=device)  # mu_last: mean KLD of the latest round that drafted
        self.total = torch.zeros(slots, device=device)  # sum of all KLDs
        self.highest = torch.zeros(slots, device=device)
        self.most_accepted = torch.zeros(slots, dtype=torch.int64, device=device)
        self.acceptance = torch.full((slots,), 0.7, device=device)  # decaying mean of accepted or not
        self.accepted = torch.zeros(slots, dtype=torch.int64, device=device)  # of the latest round
        self.drafted = torch.zeros(slots, dtype=torch.int64, device=device)
        self.progress = torch.full((slots,), 2.0, device=device)  # decaying mean of tokens a round that was to draft
        self._weights = weights(0.85, device)
        self._ages = torch.arange(LONG, device=device)

    def clear(self, row: int) -> None:
        """Forget a row: a new sequence begins."""
        for part in (self.history, self.seen, self.last_mean, self.total, self.highest, self.most_accepted):
            part[row] = 0
        self.accepted[row] = self.drafted[row] = 0
        self.acceptance[row] = 0.7
        self.progress[row] = 2.0

    def move(self, source: int, target: int) -> None:
        """Let row `target` be what `source` is."""
        for name, part in vars(self).items():
            if not name.startswith("_"):
                part[target] = part[source]

    def observe(self, divergences: Tensor, tried: Tensor, drafted: Tensor, accepted: Tensor) -> None:
        """Take in a round of the first B rows: `divergences` [B, K], tokens drafted and accepted [B]; `tried` [B]:
        whether the row was to be drafted at all, though it may have come to nothing.

        Only the places that were really verified count: the accepted ones and the first that was refused. What was
        drafted behind it followed a token that is not part of the text.
        """
        batch, width = divergences.shape
        rows = slice(0, batch)
        looked = torch.minimum(accepted + 1, drafted)
        spoke = looked > 0
        self.accepted[rows], self.drafted[rows] = accepted, drafted
        self.progress[rows] += torch.where(tried, 0.1 * (accepted + 1 - self.progress[rows]), 0.0)
        if not width:
            return
        valid = torch.arange(width, device=drafted.device) < looked[:, None]
        known = torch.where(valid, divergences, 0.0)
        total = known.sum(1)
        self.last_mean[rows] = torch.where(spoke, total / looked.clamp_min(1), self.last_mean[rows])
        self.total[rows] += total
        self.highest[rows] = torch.maximum(self.highest[rows], known.amax(1))
        self.most_accepted[rows] = torch.maximum(self.most_accepted[rows], accepted)
        self.seen[rows] += looked
        # The newest first: place j of the round is looked - 1 - j tokens old, what was there is `looked` older.
        ages = self._ages - looked[:, None]
        fresh = known.gather(1, (-1 - ages).clamp(0, width - 1))
        self.history[rows] = torch.where(ages < 0, fresh, self.history[rows].gather(1, ages.clamp_min(0)))
        rate = 1 - 0.9 ** looked.float()
        share = accepted / looked.clamp_min(1)
        self.acceptance[rows] += torch.where(spoke, rate * (share - self.acceptance[rows]), 0.0)

    def stability(self, batch: int, weights: Tensor | None = None) -> Tensor:
        """WVIR [B] of the first B rows; 0 before there are two tokens, 20 where the long window is flat.

        The two limits are the authors' code's: a flat history says nothing good about the next tokens. `weights` are
        by age, the paper's if none are given.
        """
        rows = slice(0, batch)
        weights = self._weights if weights is None else weights
        short, long = (self._variance(rows, window, weights) for window in (SHORT, LONG))
        ratio = torch.where(long < 1e-6, 20.0, short / long.clamp_min(1e-6))
        return torch.where(self.seen[rows] < 2, 0.0, ratio)

    def _variance(self, rows: slice, window: int, weights: Tensor) -> Tensor:
        """Weighted variance of the newest `window` KLDs, over what is there."""
        values = self.history[rows, :window]
        weights = weights[:window] * (self._ages[:window] < self.seen[rows, None])
        share = weights / weights.sum(1, keepdim=True).clamp_min(1e-9)
        mean = (share * values).sum(1, keepdim=True)
        return (share * (values - mean).square()).sum(1)
