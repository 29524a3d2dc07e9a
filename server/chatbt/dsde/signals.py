"""What verified rounds say about draft and target, kept on the device in one row for each slot.

The signal of DSDE (arXiv 2509.01083) is the KL divergence of each verified token,

    KLD_t = sum_v p_t(v) ln(p_t(v) / q_t(v)),   p the target's, q the draft's raw softmax,

and how steady it is: WVIR, the ratio of its weighted variance over the last 10 tokens to that over the last 30 (Eq. 4).
"""

from __future__ import annotations

import torch
from torch import Tensor

from chatbt.dsde.slots import PerSlot, Routine

SHORT, LONG = 10, 30
"""The windows, in verified tokens."""


def divergence(target: Tensor, draft: Tensor) -> Tensor:
    """KLD [...] in nats from logits [..., V] of the target and [..., V'] of the draft, over what both know.

    The common vocabulary is the shorter one: tokenizers that are padded differently agree on their first tokens. As in
    the authors' code no probability counts as less than 1e-8.
    """
    common = min(target.shape[-1], draft.shape[-1])
    floor = -18.420680743952367  # ln 1e-8
    log_p = torch.log_softmax(target[..., :common], -1).clamp_min_(floor)
    log_q = torch.log_softmax(draft[..., :common], -1).clamp_min_(floor)
    p = log_p.exp()
    return log_p.sub_(log_q).mul_(p).sum(-1)


class Signals(PerSlot):
    """The history of `slots` sequences; see the comments for what a column is."""

    def __init__(self, slots: int, device: torch.device, decay: float = 0.85) -> None:
        self.history = torch.zeros(slots, LONG, device=device)  # KLDs, newest last, 0 where there is none yet
        self.seen = torch.zeros(slots, dtype=torch.int64, device=device)  # verified tokens with a KLD
        self.total = torch.zeros(slots, device=device)  # sum of all KLDs
        self.highest = torch.zeros(slots, device=device)
        self.most_accepted = torch.zeros(slots, dtype=torch.int64, device=device)
        self.accepted = torch.zeros(slots, dtype=torch.int64, device=device)  # of the latest round
        self.drafted = torch.zeros(slots, dtype=torch.int64, device=device)
        # What a round reports [slots, 3]: mu_last (the mean KLD of the latest round that drafted), WVIR, and the
        # decaying mean of accepted or not.
        self.figures = torch.tensor([0.0, 0.0, 0.7], device=device).repeat(slots, 1)
        self.last_mean, self.ratio, self.acceptance = self.figures.unbind(1)
        self._usual = torch.tensor(0.7, device=device)  # acceptance of the sequences that were here
        self.still = True  # whether the last round had no draft by a model
        self._places = torch.arange(LONG, device=device)
        weights = decay**self._places
        # By age, [LONG, 2]; in float64: the variance is a difference of squares.
        windows = torch.stack([torch.where(self._places < SHORT, weights, 0.0), weights], 1).double()
        # The sum of each window's weights by the number of tokens seen, up to LONG: [LONG + 1, 2].
        sums = torch.cat([torch.full((1, 2), 1e-9, device=device, dtype=torch.float64), windows])
        self._sums = sums.cumsum(0)
        self._windows = windows.flip(0)  # by place in the history
        self._take = Routine(Signals._taken, self)

    def clear(self, row: int) -> None:
        """Forget a row: a new sequence begins, whose draft is taken to be as right as those of late."""
        self._usual = torch.where(self.seen[row] >= SHORT, (self._usual + self.acceptance[row]) / 2, self._usual)
        for part in (self.history, self.seen, self.last_mean, self.total, self.highest, self.most_accepted, self.ratio):
            part[row] = 0
        self.accepted[row] = self.drafted[row] = 0
        self.acceptance[row] = self._usual

    def rest(self, batch: int) -> None:
        """A round of the first B rows went by without a draft by a model."""
        if not self.still:
            own = self.first(batch)
            own.drafted.zero_()
            own.accepted.zero_()
            self.still = True

    def observe(self, divergences: Tensor, drafted: Tensor, accepted: Tensor) -> None:
        """Take in a round of the first B rows: `divergences` [B, K], tokens drafted and accepted [B].

        Only the places that were really verified count: the accepted ones and the first that was refused. What was
        drafted behind it followed a token that is not part of the text.
        """
        self.still = False
        if divergences.shape[1]:
            self._take(len(drafted), divergences, drafted, accepted)
        else:
            own = self.first(len(drafted))
            own.accepted.copy_(accepted)
            own.drafted.copy_(drafted)

    @staticmethod
    def _taken(own: Signals, divergences: Tensor, drafted: Tensor, accepted: Tensor) -> Tensor:
        width = divergences.shape[1]
        own.accepted.copy_(accepted)
        own.drafted.copy_(drafted)
        looked = torch.minimum(accepted + 1, drafted)
        counted = looked.clamp_min(1)
        places = torch.arange(width, device=drafted.device)
        known = torch.where(places < looked[:, None], divergences, 0.0)
        total = known.sum(1)
        own.last_mean.copy_(torch.where(looked > 0, total / counted, own.last_mean))
        own.total.add_(total)
        torch.maximum(own.highest, known.amax(1), out=own.highest)
        torch.maximum(own.most_accepted, accepted, out=own.most_accepted)
        own.seen.add_(looked)
        # The newest `looked` of the round go in behind, as many of the oldest out.
        torch.gather(torch.cat([own.history, known], 1), 1, own._places + looked[:, None], out=own.history)
        own.acceptance.lerp_(accepted / counted, 1 - 0.9**looked)
        return own.ratio.copy_(own._stability())

    def _stability(self) -> Tensor:
        """WVIR [B]; 0 before there are two tokens, 20 where the long window is flat.

        The two limits are the authors' code's: a flat history says nothing good about the next tokens.
        """
        sums = self._sums[self.seen.clamp(max=LONG)]  # [B, 2]
        history = self.history.double()
        first, second = ((moment @ self._windows).div_(sums) for moment in (history, history.square()))
        short, long = torch.addcmul(second, first, first, value=-1).clamp_min_(0.0).unbind(1)
        ratio = torch.where(long < 1e-6, 20.0, short / long.clamp_min(1e-6))
        return ratio * (self.seen >= 2)
