"""Drafts by a smaller model."""

from __future__ import annotations

import torch
from torch import Tensor

from chatbt.dsde.choosing import fitted, proposed
from chatbt.dsde.drafters.base import Draft, Rows, nothing
from chatbt.dsde.policies.base import Policy
from chatbt.dsde.runner import PREFILL, Runner
from chatbt.dsde.sequence import Sequence


class ModelDrafter:
    """Lets `runner`'s model write, token by token, as far as the policy lets it go on.

    The draft's cache ends two tokens before the text: its first step reads the last two, so that it makes no
    difference whether the last token of a draft was accepted.
    """

    def __init__(self, runner: Runner, policy: Policy, vocab: int) -> None:
        self.runner = runner
        self.policy = policy
        self.longest = policy.longest
        self.vocab = vocab
        self.own = runner.model.config.vocab
        """Tokens that the draft knows: what lies beyond is padding of the target's, and any token will do for it."""

    def read(self, sequence: Sequence, row: int, end: int) -> None:
        """Take in the first `end` tokens of the sequence, one piece of a prompt after another."""
        while (done := sequence.drafted) < end:
            piece = sequence.tokens[done : min(end, done + PREFILL)]
            self.runner.read([min(token, self.own - 1) for token in piece], row, done)
            sequence.drafted += len(piece)

    def propose(self, rows: Rows, limits: list[int]) -> Draft:
        batch, longest = len(limits), max(limits)
        if not longest:
            return nothing(rows, limits)
        device = rows.newest.device
        live = torch.tensor(limits, device=device)
        for row, (sequence, limit) in enumerate(zip(rows.sequences, limits, strict=False)):
            if limit:
                self.read(sequence, row, len(sequence.tokens) - 2)
        needed = max(len(sequence.tokens) for sequence in rows.sequences) + longest
        self.policy.begin(batch)
        tokens: list[Tensor] = []
        logits: list[Tensor] = []
        distributions: list[Tensor] = []
        fed, offset = rows.newest, 0
        for place in range(longest):
            raw = self.runner.run(fed.clamp(max=self.own - 1), offset=offset, needed=needed, logits="last")[:, 0]
            raw = (raw.clone() if self.runner.graphs else raw)[:, : self.vocab]
            going = self.policy.keep_going(raw, place)
            if going is not None:
                live = torch.where(going, live, live.clamp(max=place))
                if not self.runner.graphs and not (live > place).any():
                    break
            token, distribution = proposed(rows, fitted(raw, self.vocab), tokens)
            tokens.append(token)
            logits.append(raw)
            if distribution is not None:
                distributions.append(distribution)
            offset += fed.shape[1]
            fed = token[:, None]
        if not tokens:
            return nothing(rows, limits)
        probabilities = torch.stack(distributions, 1) if distributions else None
        modelled = [limit > 0 for limit in limits]
        return Draft(torch.stack(tokens, 1), live, modelled, torch.stack(logits, 1), probabilities)

    def accepted(self, rows: Rows, draft: Draft, counts: Tensor, told: list[int]) -> None:
        """Behind the two tokens of the first step stand the drafted ones but the last: what was accepted, and one."""
        if draft.logits is None:
            return
        taken = torch.where(torch.tensor(draft.modelled, device=counts.device), counts + 1, 0)
        self.runner.cache.commit(slice(0, len(taken)), taken)
        for sequence, modelled, count in zip(rows.sequences, draft.modelled, told, strict=False):
            if modelled:
                sequence.drafted += count + 1

    def clear(self, row: int) -> None:
        self.runner.cache.clear(row)

    def move(self, source: int, target: int, length: int) -> None:
        self.runner.cache.move(source, target, length)
