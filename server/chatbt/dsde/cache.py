"""What a model remembers of every slot: keys and values by position, and recurrent states with a way back.

A slot's committed length is the number of its tokens that have been taken in for good. A forward pass writes behind
it; `commit` advances it. Going back needs no work for attention (what lies beyond the length is masked, and written
over), while a recurrent layer keeps a trail: the state after each token since the last commit, of which `commit`
picks one.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from torch import Tensor

from chatbt.dsde.models.config import ModelConfig


@dataclass(slots=True)
class AttentionCache:
    """Keys, then values of each head: [slots, span, 2 * kv_heads, head_dim]."""

    kept: Tensor

    def write(self, new: Tensor, places: Tensor) -> None:
        """Put keys and values [B, W, 2 * kv_heads, head_dim] at `places` [B * W], slots and positions laid flat."""
        self.kept.flatten(0, 1).index_copy_(0, places, new.flatten(0, 1).to(self.kept.dtype))

    def read(self, rows: slice, span: int) -> tuple[Tensor, Tensor]:
        """Keys and values [B, kv_heads, span, head_dim] of the first `span` positions."""
        seen = self.kept[rows, :span].transpose(1, 2)
        keys, values = seen.chunk(2, 1)
        return keys, values

    def commit(self, rows: slice, counts: Tensor) -> None:
        """Nothing to do: the length says it all."""

    def move(self, source: int, target: int, length: int) -> None:
        self.kept[target, :length] = self.kept[source, :length]


@dataclass(slots=True)
class RecurrentCache:
    """`states` [slots, trail + 1, value_heads, key_dim, value_dim], the committed one first; `inputs` of the
    convolution [slots, kernel - 1 + trail, channels], the committed ones first."""

    states: Tensor
    inputs: Tensor
    kept: int
    """The convolution's memory: kernel - 1 tokens."""

    def commit(self, rows: slice, counts: Tensor) -> None:
        states, inputs = self.states[rows], self.inputs[rows]
        every = torch.arange(len(counts), device=counts.device)
        states[:, 0] = states[every, counts]
        window = counts[:, None] + torch.arange(self.kept, device=counts.device)
        inputs[:, : self.kept] = inputs[every[:, None], window]

    def move(self, source: int, target: int, length: int) -> None:
        self.states[target, 0] = self.states[source, 0]
        self.inputs[target, : self.kept] = self.inputs[source, : self.kept]


class Cache:
    """The memory of one model for `slots` sequences of at most `span` tokens, with a trail of `trail` tokens."""

    def __init__(
        self, config: ModelConfig, slots: int, span: int, trail: int, device: torch.device, dtype: torch.dtype
    ) -> None:
        self.span = span
        self.trail = trail
        self.lengths = torch.zeros(slots, dtype=torch.int64, device=device)
        self.layers = [self._layer(config, kind, slots, device, dtype) for kind in config.layers]

    def _layer(
        self, config: ModelConfig, kind: str, slots: int, device: torch.device, dtype: torch.dtype
    ) -> AttentionCache | RecurrentCache:
        if kind != "linear_attention":
            shape = (slots, self.span, 2 * config.kv_heads, config.head_dim)
            return AttentionCache(torch.zeros(shape, device=device, dtype=dtype))
        delta = config.delta
        assert delta is not None
        channels = 2 * delta.key_heads * delta.key_dim + delta.value_heads * delta.value_dim
        kept = delta.kernel - 1
        return RecurrentCache(
            torch.zeros(
                (slots, self.trail + 1, delta.value_heads, delta.key_dim, delta.value_dim), device=device
            ),  # the recurrence is computed in float32
            torch.zeros((slots, kept + self.trail, channels), device=device, dtype=dtype),
            kept,
        )

    @property
    def state(self) -> list[Tensor] | None:
        """The tensors that a forward pass looks at and writes into, the lengths first; None if that is not all that
        it has to know: a recurrent layer's trail depends on how far the pass is behind the lengths."""
        kept = [layer.kept for layer in self.layers if isinstance(layer, AttentionCache)]
        return [self.lengths, *kept] if len(kept) == len(self.layers) else None

    def over(self, lengths: Tensor, *kept: Tensor) -> Cache:
        """The same cache with other tensors in the place of its `state`."""
        made = copy.copy(self)
        made.lengths = lengths
        made.layers = [AttentionCache(each) for each in kept]
        return made

    def commit(self, rows: slice, counts: Tensor) -> None:
        """Take in the first `counts` [B] tokens behind the committed length of each row; forget the others."""
        for layer in self.layers:
            layer.commit(rows, counts)
        self.lengths[rows] += counts

    def clear(self, row: int) -> None:
        """Forget everything of a row, for a new sequence."""
        self.lengths[row] = 0
        for layer in self.layers:
            if isinstance(layer, RecurrentCache):
                layer.states[row, 0] = 0
                layer.inputs[row, : layer.kept] = 0

    def wipe(self, row: int, length: int) -> None:
        """Write zeros over what stands behind the first `length` tokens of a row, committed or not: a NaN that is only
        masked still spoils what attends to it."""
        for layer in self.layers:
            if isinstance(layer, AttentionCache):
                layer.kept[row, length:] = 0
            else:
                layer.states[row, 1:] = layer.inputs[row, layer.kept :] = 0
        if not length:
            self.clear(row)

    def move(self, source: int, target: int, length: int) -> None:
        """Let row `target` be what `source` is: its first `length` committed tokens."""
        for layer in self.layers:
            layer.move(source, target, length)
        self.lengths[target] = self.lengths[source]
