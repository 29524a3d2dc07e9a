"""What a drafter gives to a round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from chatbt.dsde.sampling import Processors
from chatbt.dsde.sequence import Sequence


@dataclass(frozen=True, slots=True)
class Rows:
    """The live rows of a round, with what sampling needs of them on the device, [B] each."""

    sequences: list[Sequence]
    newest: Tensor
    """[B, 2]: the last two tokens. A row of one token stands with itself."""
    lengths: Tensor
    """Known tokens: prompt and output."""
    seeds: Tensor
    seeded: Tensor
    """Whether the row's user has given the seed."""
    processors: Processors
    greedy: bool
    """Whether no row samples."""
    seen: Tensor | None
    """[B, V]: tokens that stand in the text, where a row has a repetition penalty."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Tokens [B, K]; `limits` [B] of them count in each row. K may be 0.

    `modelled`: by row, whether the draft model had a try at it, though it may have come to nothing. Its `logits`
    [B, K', V'] are of K' <= K steps, over what both models know; from its `probabilities` [B, K, V] it drew. They are
    None where it drafted nothing, the probabilities also where nobody samples.
    """

    tokens: Tensor
    limits: Tensor
    modelled: list[bool]
    logits: Tensor | None = None
    probabilities: Tensor | None = None
    steps: int = 0
    """Steps of the draft model that this took, those included whose token was not kept."""


class Drafter(Protocol):
    """Proposes tokens for the rows of a round."""

    longest: int
    """K: no draft is longer."""

    def read(self, sequence: Sequence, row: int, end: int) -> None:
        """Take in the first `end` tokens of a sequence that is on its way into `row`."""

    def propose(self, rows: Rows, limits: list[int]) -> Draft:
        """Draft: at most `limits` tokens in each row, which are the policy's, cut to the room of the row."""

    def accepted(self, rows: Rows, draft: Draft, counts: Tensor, told: list[int]) -> None:
        """The target has accepted `counts` [B] tokens of each row; `told` is the same on the host."""

    def warm_up(self) -> None:
        """Record what is to be recorded, before the first request."""

    def clear(self, row: int) -> None:
        """A new sequence begins in `row`."""

    def move(self, source: int, target: int, length: int) -> None:
        """Let row `target` be what `source` is: a sequence of `length` tokens."""


def nothing(rows: Rows, limits: list[int], steps: int = 0) -> Draft:
    """A round whose draft, of which `limits` were asked for, has come to nothing."""
    none = torch.zeros(len(limits), 0, dtype=torch.int64, device=rows.newest.device)
    return Draft(none, none.sum(1), [limit > 0 for limit in limits], steps=steps)
