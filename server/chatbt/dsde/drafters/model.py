"""Drafts by a smaller model."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from chatbt.dsde.choosing import fitted, proposed
from chatbt.dsde.drafters.base import Draft, Rows, nothing
from chatbt.dsde.policies.base import Policy
from chatbt.dsde.runner import PREFILL, Runner
from chatbt.dsde.sequence import Sequence
from chatbt.dsde.slots import placed

PIECE = 8
"""Tokens of a row that are read at once where copies have left the draft behind."""


@dataclass(frozen=True, slots=True)
class Buffers:
    """What recorded steps read and write, by place in the draft and row."""

    newest: Tensor
    """[slots, 2]"""
    live: Tensor
    """[slots]: tokens of each row that count."""
    tokens: Tensor
    """[K, slots]"""
    logits: Tensor
    """[K, slots, V']"""

    @classmethod
    def of(cls, runner: Runner, longest: int) -> Buffers:
        """For drafts of at most `longest` tokens."""
        device, slots = runner.model.device, runner.slots
        newest, live, tokens = (
            torch.zeros(shape, dtype=torch.int64, device=device) for shape in ((slots, 2), (slots,), (longest, slots))
        )
        return cls(newest, live, tokens, torch.zeros(longest, slots, runner.model.config.vocab, device=device))


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
        self._buffers = None if runner.recorded is None else Buffers.of(runner, policy.longest)

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
        needed = max(len(sequence.tokens) for sequence in rows.sequences) + longest
        self._catch_up(rows, limits, needed)
        if self._buffers is not None:
            return self._played(self._buffers, rows, limits, self.runner.span(needed))
        live = placed(limits, rows.newest.device)
        self.policy.begin(batch)
        tokens: list[Tensor] = []
        logits: list[Tensor] = []
        distributions: list[Tensor] = []
        fed, offset = rows.newest, 0
        for place in range(longest):
            raw = self.runner.run(fed.clamp(max=self.own - 1), offset=offset, needed=needed, logits="last")[:, 0]
            raw = (raw.clone() if self.runner.graphs else raw)[:, : self.vocab]
            going = self.policy.keep_going(raw, place)
            token, distribution = proposed(rows, fitted(raw, self.vocab), tokens)
            tokens.append(token)
            logits.append(raw)
            if distribution is not None:
                distributions.append(distribution)
            if going is not None:
                live = torch.where(going, live, live.clamp(max=place + 1))
                if not self.runner.graphs and not (live > place + 1).any():
                    break
            offset += fed.shape[1]
            fed = token[:, None]
        probabilities = torch.stack(distributions, 1) if distributions else None
        modelled = [limit > 0 for limit in limits]
        return Draft(torch.stack(tokens, 1), live, modelled, torch.stack(logits, 1), probabilities, len(tokens))

    def _catch_up(self, rows: Rows, limits: list[int], needed: int) -> None:
        """Read what the rows lack that are to be drafted for: in pieces of one shape where steps are recorded."""
        drafting = [(row, each) for row, each in enumerate(rows.sequences) if limits[row]]
        width = min(PIECE, self.runner.cache.trail) if self._buffers is not None else 0
        for row, sequence in drafting:
            if self._missing(sequence) > 4 * width:
                self.read(sequence, row, len(sequence.tokens) - 2)
        while any(self._missing(sequence) for _, sequence in drafting):
            counts, pieces = [0] * len(limits), [[0] * width for _ in limits]
            for row, sequence in drafting:
                piece = sequence.tokens[sequence.drafted : len(sequence.tokens) - 2][:width]
                counts[row], pieces[row][: len(piece)] = len(piece), (min(token, self.own - 1) for token in piece)
                sequence.drafted += len(piece)
            self.runner.run(placed(pieces, rows.newest.device), offset=0, needed=needed, logits="none")
            self.runner.cache.commit(slice(0, len(counts)), placed(counts, rows.newest.device))

    def _missing(self, sequence: Sequence) -> int:
        return max(0, len(sequence.tokens) - 2 - sequence.drafted)

    def _played(self, buffers: Buffers, rows: Rows, limits: list[int], span: int) -> Draft:
        """The same from recorded steps, which go on to the end: to look whether all rows have stopped costs more."""
        batch, longest = len(limits), max(limits)
        buffers.newest[:batch].copy_(rows.newest)
        buffers.live[:batch].copy_(placed(limits, rows.newest.device))
        self.policy.begin(batch)
        tokens: list[Tensor] = []
        distributions: list[Tensor] = []
        for place in range(longest):
            self._play(buffers, batch, place, span)
            token = buffers.tokens[place, :batch]
            if not rows.greedy or rows.seen is not None:
                chosen, distribution = proposed(
                    rows, fitted(buffers.logits[place, :batch, : self.vocab], self.vocab), tokens
                )
                token.copy_(chosen)
                if distribution is not None:
                    distributions.append(distribution)
            tokens.append(token)
        return Draft(
            buffers.tokens[:longest, :batch].t(),
            buffers.live[:batch],
            [limit > 0 for limit in limits],
            buffers.logits[:longest, :batch, : self.vocab].transpose(0, 1),
            torch.stack(distributions, 1) if distributions else None,
            longest,
        )

    def _play(self, buffers: Buffers, batch: int, place: int, span: int) -> None:
        """One step: read the token before `place`, see whether to go on, choose the likeliest."""
        runner = self.runner
        assert runner.recorded is not None
        fed = buffers.tokens[place - 1, :batch, None] if place else buffers.newest[:batch]
        logits, live, token = buffers.logits[place, :batch], buffers.live[:batch], buffers.tokens[place, :batch]

        def step() -> None:
            runner.model.forward(
                fed.clamp(max=self.own - 1),
                runner.cache,
                slice(0, batch),
                offset=place + 1 if place else 0,
                span=span,
                logits="last",
                out=logits[:, None],
            )
            going = self.policy.keep_going(logits[:, : self.vocab], place)
            if going is not None:
                live.copy_(torch.where(going, live, live.clamp(max=place + 1)))
            token.copy_(logits[:, : self.vocab].argmax(-1))

        runner.recorded.play((id(self), batch, place, span), step)

    def warm_up(self) -> None:
        """Record every step, for every number of rows."""
        if (buffers := self._buffers) is None:
            return
        runner = self.runner
        width = min(PIECE, runner.cache.trail)
        for batch in reversed(runner.batches()):
            empty = torch.zeros(batch, width, dtype=torch.int64, device=runner.model.device)
            for span in runner.spans():
                runner.run(empty, offset=0, needed=span, logits="none")
                for place in range(self.longest):
                    self._play(buffers, batch, place, span)

    def accepted(self, rows: Rows, draft: Draft, counts: Tensor, told: list[int]) -> None:
        """Behind the two tokens of the first step stand the drafted ones but the last: what was accepted, and one."""
        if draft.logits is None:
            return
        taken = torch.where(placed(draft.modelled, counts.device), counts + 1, 0)
        self.runner.cache.commit(slice(0, len(taken)), taken)
        for sequence, modelled, count in zip(rows.sequences, draft.modelled, told, strict=False):
            if modelled:
                sequence.drafted += count + 1

    def clear(self, row: int) -> None:
        self.runner.cache.clear(row)

    def move(self, source: int, target: int, length: int) -> None:
        self.runner.cache.move(source, target, length)
