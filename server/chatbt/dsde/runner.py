"""A model with its cache, run in few shapes: traced on a CPU, as recorded CUDA graphs on a GPU."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import torch
from torch import Tensor

from chatbt.dsde.graphs import graphs_on
from chatbt.dsde.models.model import Model
from chatbt.dsde.slots import placed

PREFILL = 256
"""Tokens of a prompt that are read at once; between two pieces requests can be cancelled."""
NARROW = 9
"""Up to so many tokens a row each width has a graph of its own, beyond it each eighth."""

Logits = Literal["all", "last", "none"]


class Runner:
    """Runs `model` for up to `slots` rows of `span` tokens; `trail` tokens can be taken back."""

    def __init__(self, model: Model, slots: int, span: int, trail: int) -> None:
        self.model = model
        self.cache = model.cache(slots, span, trail)
        self.slots = slots
        self.recorded = graphs_on(model.device)
        self.graphs = self.recorded is not None
        self._given = torch.zeros(slots * max(trail, 2) if self.graphs else 0, dtype=torch.int64, device=model.device)
        self._results: dict[Logits, Tensor] = {}
        self._traces: dict[Logits, Callable[..., Tensor] | None] = {}

    def batch(self, rows: int) -> int:
        """The rows that are computed for `rows` live ones: a power of two where graphs are recorded."""
        return min(self.slots, 1 << (rows - 1).bit_length()) if self.graphs and rows else rows

    def batches(self) -> list[int]:
        """Every number of rows that is computed, where graphs are recorded."""
        return sorted({self.batch(rows) for rows in range(1, self.slots + 1)})

    def width(self, tokens: int) -> int:
        """The width that is computed for `tokens` tokens a row."""
        return tokens if not self.graphs or tokens <= NARROW else -(-tokens // 8) * 8

    def span(self, needed: int) -> int:
        """The positions that are looked at where `needed` are used: few sizes, at most twice too many."""
        if not self.graphs:
            return min(-(-needed // 64) * 64, self.cache.span)
        return next(size for size in self.spans() if size >= min(needed, self.cache.span))

    def spans(self) -> Iterator[int]:
        """Every number of positions that is looked at, where graphs are recorded."""
        size = 512
        while size * 5 // 4 < self.cache.span:  # no size for the last few positions alone
            yield size
            size *= 2
        yield self.cache.span

    def read(self, tokens: list[int], row: int, done: int) -> None:
        """Take in `tokens` behind the `done` that the row holds, for good."""
        new = placed([tokens], self.model.device)
        span = self.span(done + len(tokens))
        self.model.forward(new, self.cache, slice(row, row + 1), offset=None, span=span, logits="none")

    def run(self, tokens: Tensor, *, offset: int, needed: int, logits: Logits = "all") -> Tensor:
        """Logits after `tokens` [B, W] of the first B rows; see `Model.forward`. `needed` positions are in use.

        With graphs the result is overwritten by the next run.
        """
        (batch, width), span = tokens.shape, self.span(needed)
        if self.recorded is None:
            if (traced := self._traced(logits)) is not None:
                lengths, *kept = self.cache.state or []
                return traced(tokens, self.model.turns[:span], lengths + offset if offset else lengths, *kept)
            return self.model.forward(tokens, self.cache, slice(0, batch), offset=offset, span=span, logits=logits)
        given = self._given[: batch * width].view(batch, width)
        result = self._result(batch, width, logits)
        given.copy_(tokens)

        def step() -> None:
            # Writes behind the committed lengths only: recording disturbs no row.
            self.model.forward(given, self.cache, slice(0, batch), offset=offset, span=span, logits=logits, out=result)

        self.recorded.play((id(self), batch, width, offset, span, logits), step)
        return result

    def _traced(self, logits: Logits) -> Callable[..., Tensor] | None:
        if logits not in self._traces:
            self._traces[logits] = self.model.traced(self.cache, logits)
        return self._traces[logits]

    def warm_up(self, longest: int) -> None:
        """Record the verification of drafts of up to `longest` tokens. What needs most memory comes first."""
        if self.recorded is None:
            return
        widths = sorted({self.width(tokens) for tokens in range(1, longest + 2)}, reverse=True)
        for batch in reversed(self.batches()):
            for width in widths:
                empty = torch.zeros(batch, width, dtype=torch.int64, device=self.model.device)
                for span in self.spans():
                    self.run(empty, offset=0, needed=span)

    def _result(self, batch: int, width: int, logits: Logits) -> Tensor:
        """Where the logits of a shape go: the beginning of one buffer, as graphs must not each keep their own."""
        width = {"all": width, "last": 1, "none": 0}[logits]
        vocab = self.model.config.vocab
        if logits not in self._results:
            most = {"all": len(self._given), "last": self.slots, "none": 0}[logits]
            self._results[logits] = torch.empty(most * vocab, device=self.model.device)
        return self._results[logits][: batch * width * vocab].view(batch, width, vocab)
