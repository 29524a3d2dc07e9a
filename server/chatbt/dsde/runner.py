"""A model with its cache, run in few shapes: as it is on a CPU, as captured CUDA graphs on a GPU."""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import Tensor

from chatbt.dsde.models.model import Model

PREFILL = 256
"""Tokens of a prompt that are read at once; between two pieces requests can be cancelled."""

Logits = Literal["all", "last", "none"]


class Runner:
    """Runs `model` for up to `slots` rows of `span` tokens; `trail` tokens can be taken back."""

    def __init__(self, model: Model, slots: int, span: int, trail: int) -> None:
        self.model = model
        self.cache = model.cache(slots, span, trail)
        self.slots = slots
        self.graphs = model.device.type == "cuda"
        self._captured: dict[tuple[int, int, int, int, Logits], tuple[torch.cuda.CUDAGraph, Tensor, Tensor]] = {}
        self._pool: Any = None
        self.captures = 0
        """Graphs captured so far: a number that must not grow after the warm-up."""

    def batch(self, rows: int) -> int:
        """The rows that are computed for `rows` live ones: a power of two where graphs are captured."""
        return min(self.slots, 1 << (rows - 1).bit_length()) if self.graphs and rows else rows

    def width(self, tokens: int) -> int:
        """The width that is computed for `tokens` tokens a row."""
        return tokens if not self.graphs or tokens <= 9 else -(-tokens // 8) * 8

    def span(self, needed: int) -> int:
        """The positions that are looked at where `needed` are used: few sizes, at most twice too many."""
        size = 64 if not self.graphs else 512
        if self.graphs:
            while size < needed:
                size *= 2
        else:
            size = -(-needed // 64) * 64
        return min(size, self.cache.span)

    def read(self, tokens: list[int], row: int, done: int) -> None:
        """Take in `tokens` behind the `done` that the row holds, for good."""
        new = torch.tensor([tokens], device=self.model.device)
        span = self.span(done + len(tokens))
        self.model.forward(new, self.cache, slice(row, row + 1), offset=None, span=span, logits="none")

    def run(self, tokens: Tensor, *, offset: int, needed: int, logits: Logits = "all") -> Tensor:
        """Logits after `tokens` [B, W] of the first B rows; see `Model.forward`. `needed` positions are in use.

        With graphs the result is overwritten by the next run of the same shape.
        """
        rows, span = slice(0, tokens.shape[0]), self.span(needed)
        if not self.graphs:
            return self.model.forward(tokens, self.cache, rows, offset=offset, span=span, logits=logits)
        key = (tokens.shape[0], tokens.shape[1], offset, span, logits)
        captured = self._captured.get(key) or self._capture(key)
        graph, given, result = captured
        given.copy_(tokens)
        graph.replay()
        return result

    def _capture(self, key: tuple[int, int, int, int, Logits]) -> tuple[torch.cuda.CUDAGraph, Tensor, Tensor]:
        batch, width, offset, span, logits = key
        given = torch.zeros(batch, width, dtype=torch.int64, device=self.model.device)

        def step() -> Tensor:
            return self.model.forward(given, self.cache, slice(0, batch), offset=offset, span=span, logits=logits)

        # Writes behind the committed lengths only: capturing disturbs no row.
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            step()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self._pool):
            result = step()
        self._pool = self._pool or graph.pool()
        self._captured[key] = captured = (graph, given, result)
        self.captures += 1
        return captured
