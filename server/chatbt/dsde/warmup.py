"""What is done before the first request: steps are recorded where they can be, and timed."""

from __future__ import annotations

import time

import torch
from tokenizers import Tokenizer

from chatbt.dsde.decoder import Decoder
from chatbt.dsde.drafters.base import Draft, Drafter, Rows
from chatbt.dsde.drafters.combined import CombinedDrafter
from chatbt.dsde.drafters.model import ModelDrafter
from chatbt.dsde.params import SamplingParams
from chatbt.dsde.policies.fixed import Fixed
from chatbt.dsde.sequence import Sequence

PROMPT = 16
"""Tokens of the text that is decoded for the clock."""
BRIEF = 1.0
"""A first measurement that took less than so many seconds is made again: it was of code that had not run before."""


class Blanks:
    """Drafts of a set length in which no token counts: what they cost is the verification alone."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.length = 0

    def read(self, sequence: Sequence, row: int, end: int) -> None:
        """Nothing to do, as in all that follows but `propose`."""

    def propose(self, rows: Rows, limits: list[int]) -> Draft:
        tokens = torch.zeros(len(limits), self.length, dtype=torch.int64, device=rows.newest.device)
        return Draft(tokens, tokens.sum(1), [False] * len(limits))

    def accepted(self, rows: Rows, draft: Draft, counts: torch.Tensor, told: list[int]) -> None: ...

    def warm_up(self) -> None: ...

    def clear(self, row: int) -> None: ...

    def move(self, source: int, target: int, length: int) -> None: ...


@torch.inference_mode()
def warm_up(decoder: Decoder, tokenizer: Tokenizer) -> None:
    """For a decoder without live rows. Leaves it as it was, but for its costs and recorded steps."""
    decoder.target.warm_up(decoder.drafter.longest)
    decoder.drafter.warm_up()
    decoder.costs.clear()
    began = time.perf_counter()
    _measure(decoder, tokenizer, 1)
    if time.perf_counter() - began < BRIEF:
        decoder.costs.clear()
        _measure(decoder, tokenizer, 1)
    if decoder.target.graphs:
        for batch in decoder.target.batches()[1:]:
            _measure(decoder, tokenizer, batch)
    # Rounds of set lengths say nothing about those that a policy chooses.
    decoder.costs.attempts.clear()
    decoder.costs.pace = 1.0


def _measure(decoder: Decoder, tokenizer: Tokenizer, batch: int) -> None:
    """Time rounds of `batch` rows: verifications of every width, then drafts of the model."""
    target, drafter = decoder.target, decoder.drafter
    model = drafter.model if isinstance(drafter, CombinedDrafter) else drafter
    rounds = drafter.longest + 1
    if target.cache.span - target.cache.trail < PROMPT + rounds + 2 * drafter.longest + 2:
        return
    for row in range(batch):
        tokens = [token % target.model.config.vocab for token in range(PROMPT)]
        sequence = Sequence(-1 - row, PROMPT, tokens, SamplingParams(), 2**31, frozenset(), tokenizer)
        target.cache.clear(row)
        target.read(tokens[:-1], row, 0)
        decoder.read(sequence, row, PROMPT - 2)
        decoder.join(sequence)
    try:
        blanks = Blanks(drafter.longest)
        for blanks.length in range(rounds):
            _round(decoder, blanks, 0)
        if isinstance(model, ModelDrafter):
            model.policy = Fixed(target.slots, decoder.device, model.longest)  # it stops no draft
            for _ in range(2):
                _round(decoder, model, model.longest)
    finally:
        decoder.drafter = drafter
        if isinstance(model, ModelDrafter):
            model.policy = decoder.policy
        for row in reversed(range(batch)):
            decoder.leave(row)
            target.cache.clear(row)
            drafter.clear(row)


def _round(decoder: Decoder, drafter: Drafter, limit: int) -> None:
    decoder.drafter = drafter
    decoder.limits[: len(decoder.sequences)] = [limit] * len(decoder.sequences)
    for each in decoder.round():
        each.sequence.tokens += each.tokens
