"""Drafts copied from the text itself: what followed the last time these tokens stood there."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from chatbt.dsde.drafters.base import Draft, Rows
from chatbt.dsde.sequence import Sequence

SIZE = 3
"""Tokens that must agree before anything is copied."""
STEPS = (SIZE, 4, 6, 9, 16)
"""Matches are judged by their length: at least so many tokens each."""


@dataclass(slots=True)
class Index:
    """Where each run of three tokens of a sequence last ended, and how copies after longer matches have fared."""

    ends: dict[tuple[int, ...], int] = field(default_factory=dict)
    indexed: int = SIZE
    rates: list[float] = field(default_factory=list)

    def match(self, tokens: list[int]) -> tuple[int, int]:
        """Where to copy from, and the length of the match; (0, 0) where nothing matches."""
        for end in range(self.indexed, len(tokens)):
            self.ends[tuple(tokens[end - SIZE : end])] = end
        self.indexed = max(self.indexed, len(tokens))
        start = self.ends.get(tuple(tokens[-SIZE:]), 0)
        if not start:
            return 0, 0
        length = SIZE
        while length < STEPS[-1] and length < start and tokens[start - length - 1] == tokens[-length - 1]:
            length += 1
        return start, length


@dataclass(frozen=True, slots=True)
class Copy:
    """A proposal for one row: tokens, the class of its match, and the chance of each token to be accepted."""

    tokens: list[int]
    kind: int
    chance: float


class NgramDrafter:
    """Copies from prompt and output. Learns, by length of the match, how often a copied token is accepted."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.rates = [0.4, 0.5, 0.65, 0.8, 0.9]
        self.indexes: dict[int, Index] = {}
        self.copies: list[Copy | None] = []

    def copy(self, sequence: Sequence, limit: int) -> Copy | None:
        """The best copy of at most `limit` tokens for a sequence."""
        if limit <= 0 or sequence.wary:
            return None
        index = self.indexes.get(sequence.id)
        if index is None:
            index = self.indexes[sequence.id] = Index(rates=list(self.rates))
        start, length = index.match(sequence.tokens)
        if not start:
            return None
        kind = sum(length >= step for step in STEPS) - 1
        return Copy(sequence.tokens[start : start + limit], kind, index.rates[kind])

    def read(self, sequence: Sequence, row: int, end: int) -> None:
        """Nothing to do: the sequence is indexed when it is first drafted for."""

    def propose(self, rows: Rows, limits: list[int]) -> Draft:
        """A copy for each row: its length is the drafter's own affair, as policies judge the draft model."""
        rooms = (sequence.room - sequence.generated - 1 for sequence in rows.sequences)
        copies = [
            self.copy(sequence, min(self.longest, room)) for sequence, room in zip(rows.sequences, rooms, strict=True)
        ]
        return self.drafted(rows, len(limits), copies)

    def drafted(self, rows: Rows, batch: int, copies: list[Copy | None]) -> Draft:
        """The draft that consists of these copies."""
        self.copies = copies
        sizes = [len(copy.tokens) if copy else 0 for copy in copies] + [0] * (batch - len(copies))
        width = max(sizes, default=0)
        padded = [
            (copy.tokens if copy else []) + [0] * (width - size) for copy, size in zip(copies, sizes, strict=False)
        ]
        padded += [[0] * width] * (batch - len(copies))
        device = rows.newest.device
        tokens = torch.tensor(padded, dtype=torch.int64, device=device).view(batch, width)
        return Draft(tokens, torch.tensor(sizes, device=device), [False] * batch)

    def accepted(self, rows: Rows, draft: Draft, counts: Tensor, told: list[int]) -> None:
        for sequence, copy, count in zip(rows.sequences, self.copies, told, strict=False):
            if copy is not None:
                looked = min(count + 1, len(copy.tokens))
                for rates, speed in ((self.indexes[sequence.id].rates, 0.2), (self.rates, 0.02)):
                    share = min(count, looked) / looked
                    rates[copy.kind] += (1 - (1 - speed) ** looked) * (share - rates[copy.kind])
        live = {sequence.id for sequence in rows.sequences}
        for gone in self.indexes.keys() - live:
            del self.indexes[gone]

    def clear(self, row: int) -> None:
        """Rows do not matter here: a sequence is known by its id."""

    def move(self, source: int, target: int, length: int) -> None:
        """The same."""
