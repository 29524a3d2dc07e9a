"""A copy where the text repeats itself, a model's draft where it does not: row by row, by expected gain."""

from __future__ import annotations

import torch
from torch import Tensor

from chatbt.dsde.costs import Costs
from chatbt.dsde.drafters.base import Draft, Rows
from chatbt.dsde.drafters.model import ModelDrafter
from chatbt.dsde.drafters.ngram import Copy, NgramDrafter
from chatbt.dsde.sequence import Sequence
from chatbt.dsde.slots import placed

USUAL = 1.5
"""Tokens that a row of a batch is taken to gain in a round."""


class CombinedDrafter:
    """Compares tokens for their time: of a copy by its measured rate, of the model by the row's acceptance."""

    def __init__(self, model: ModelDrafter, ngram: NgramDrafter, costs: Costs) -> None:
        self.model = model
        self.ngram = ngram
        self.costs = costs
        self.longest = max(model.longest, ngram.longest)

    def read(self, sequence: Sequence, row: int, end: int) -> None:
        self.model.read(sequence, row, end)

    def propose(self, rows: Rows, limits: list[int]) -> Draft:
        batch = len(limits)
        copies = [self._better(sequence, limit, batch) for sequence, limit in zip(rows.sequences, limits, strict=False)]
        rest = [0 if row < len(copies) and copies[row] else limit for row, limit in enumerate(limits)]
        copied = self.ngram.drafted(rows, batch, copies)
        if not any(rest):
            return copied
        modelled = self.model.propose(rows, rest)
        return _merged(copied, modelled) if any(copies) else modelled

    def _better(self, sequence: Sequence, limit: int, batch: int) -> Copy | None:
        room = sequence.room - sequence.generated - 1
        copy = self.ngram.copy(sequence, min(self.ngram.longest, room))
        if copy is None:
            return None
        others = (batch - 1) * USUAL
        chance = min(copy.chance, 0.999)
        # A row's width is every row's: the tokens of the whole batch are weighed against the time of the round.
        rate, length = max(
            (((1 - chance ** (k + 1)) / (1 - chance) + others) / self.costs.round(batch, k, drafted=False), k)
            for k in range(len(copy.tokens) + 1)
        )
        modelled = (sequence.progress + others) / self.costs.tried(batch) if limit else 0.0
        return copy.cut(length) if length and rate >= modelled else None

    def accepted(self, rows: Rows, draft: Draft, counts: Tensor, told: list[int]) -> None:
        self.model.accepted(rows, draft, counts, told)
        self.ngram.accepted(rows, draft, counts, told)

    def warm_up(self) -> None:
        self.model.warm_up()

    def clear(self, row: int) -> None:
        self.model.clear(row)

    def move(self, source: int, target: int, length: int) -> None:
        self.model.move(source, target, length)


def _merged(copied: Draft, modelled: Draft) -> Draft:
    """Each row's tokens from whichever drafted it."""
    width = max(copied.tokens.shape[1], modelled.tokens.shape[1])
    by_model = placed(modelled.modelled, copied.tokens.device)
    tokens = torch.where(by_model[:, None], _wide(modelled.tokens, width), _wide(copied.tokens, width))
    limits = torch.where(by_model, modelled.limits, copied.limits)
    probabilities = None if modelled.probabilities is None else _wide(modelled.probabilities, width)
    return Draft(tokens, limits, modelled.modelled, modelled.logits, probabilities, modelled.steps)


def _wide(part: Tensor, width: int) -> Tensor:
    """`part` [B, K, ...] with zeros behind, so that K is `width`."""
    missing = part.new_zeros(part.shape[0], width - part.shape[1], *part.shape[2:])
    return torch.cat([part, missing], 1)
