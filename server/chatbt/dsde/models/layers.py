"""The layers of a Llama-like model, written for few kernels: fused projections, rotation by complex numbers.

Shapes: B rows, W new tokens a row, S positions looked at, H heads, D the size of a head.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from chatbt.dsde.cache import AttentionCache
from chatbt.dsde.models.config import LayerKind, ModelConfig
from chatbt.dsde.models.weights import Weights


@dataclass(frozen=True, slots=True)
class Step:
    """Where the tokens of one forward pass stand, computed once for all layers."""

    rows: slice
    offset: int | None
    """Tokens already written since the last commit; None for a prefill, which commits what it reads."""
    span: int
    """S: the first positions of the cache are looked at, no more."""
    slots: Tensor
    """[B*W]: the places of the new tokens in a cache whose slots and positions are laid flat."""
    turn: Tensor
    """[B, W, 1, rotary_dim / 2], complex: the rotation of each position (Su et al., RoFormer, 2021)."""
    masks: dict[LayerKind, Tensor]
    """By kind of layer: [B, 1, W * (H / kv_heads), S], 0 where a token may look and -inf where not."""


@dataclass(frozen=True, slots=True)
class Linear:
    """x @ weight.T + bias, in the weight's own precision, given back in that of `x`."""

    weight: Tensor
    bias: Tensor | None = None

    def __call__(self, x: Tensor) -> Tensor:
        return functional.linear(x.to(self.weight.dtype), self.weight, self.bias).to(x.dtype)


@dataclass(frozen=True, slots=True)
class Norm:
    """x / rms(x) * weight over the last axis (Zhang and Sennrich, Root Mean Square Layer Normalization, 2019)."""

    weight: Tensor
    eps: float

    def __call__(self, x: Tensor) -> Tensor:
        return functional.rms_norm(x, self.weight.shape, self.weight, self.eps)


class Mlp:
    """down(silu(gate(x)) * up(x)), gate and up in one product."""

    def __init__(self, config: ModelConfig, weights: Weights, name: str) -> None:
        inner, outer = config.intermediate, config.hidden
        pair = [weights.take(f"{name}.{part}.weight", inner, outer) for part in ("gate_proj", "up_proj")]
        biases = [weights.take_if_there(f"{name}.{part}.bias", inner) for part in ("gate_proj", "up_proj")]
        self.gate_up = Linear(torch.cat(pair), joined(biases))
        self.down = Linear(
            weights.take(f"{name}.down_proj.weight", outer, inner),
            weights.take_if_there(f"{name}.down_proj.bias", outer),
        )

    def __call__(self, x: Tensor) -> Tensor:
        gate, up = self.gate_up(x).chunk(2, -1)
        return self.down(functional.silu(gate) * up)


class Attention:
    """Grouped-query attention over a slot's cache, with the output gate of Qwen3.5 where the model has one."""

    def __init__(self, config: ModelConfig, weights: Weights, name: str, layer: int) -> None:
        self.heads, self.kv_heads, self.head_dim = config.heads, config.kv_heads, config.head_dim
        self.kind = config.layers[layer]
        self.rotary_dim = config.rotary_dim if config.rotary[layer] else 0
        hidden, width, kv_width = config.hidden, config.heads * config.head_dim, config.kv_heads * config.head_dim
        gates = 2 if config.gated_attention else 1
        query = weights.take(f"{name}.q_proj.weight", gates * width, hidden)
        query_bias = weights.take_if_there(f"{name}.q_proj.bias", gates * width)
        query, gate = self._split(query, gates)
        parts = [self._turnable(query), self._turnable(weights.take(f"{name}.k_proj.weight", kv_width, hidden))]
        parts += [weights.take(f"{name}.v_proj.weight", kv_width, hidden), *gate]
        bias = None
        if query_bias is not None:
            query_bias, gate_bias = self._split(query_bias, gates)
            key_bias, value_bias = (weights.take(f"{name}.{part}.bias", kv_width) for part in ("k_proj", "v_proj"))
            bias = torch.cat([self._turnable(query_bias), self._turnable(key_bias), value_bias, *gate_bias])
        self.project = Linear(torch.cat(parts), bias)
        self.norms: tuple[Norm, Norm] | None = None
        if config.query_key_norm:
            shift = 1 if config.centred_norm else 0
            query_norm, key_norm = (
                Norm(self._turnable(weights.take(f"{name}.{part}.weight", config.head_dim) + shift), config.eps)
                for part in ("q_norm", "k_norm")
            )
            self.norms = query_norm, key_norm
        self.out = Linear(
            weights.take(f"{name}.o_proj.weight", hidden, width), weights.take_if_there(f"{name}.o_proj.bias", hidden)
        )

    def _split(self, query: Tensor, gates: int) -> tuple[Tensor, list[Tensor]]:
        """A gated projection holds for each head its query, then its gate."""
        if gates == 1:
            return query, []
        pairs = query.view(self.heads, 2, self.head_dim, *query.shape[1:])
        return pairs[:, 0].flatten(0, 1), [pairs[:, 1].flatten(0, 1)]

    def _turnable(self, weight: Tensor) -> Tensor:
        """Put the two halves that turn together beside each other, so that one complex product turns them.

        Attention is blind to the order of a head's components, if queries and keys share it.
        """
        if not self.rotary_dim:
            return weight
        heads = weight.reshape(-1, self.head_dim, *weight.shape[1:])
        turned, rest = heads[:, : self.rotary_dim], heads[:, self.rotary_dim :]
        paired = turned.reshape(len(heads), 2, self.rotary_dim // 2, *weight.shape[1:]).transpose(1, 2)
        return torch.cat([paired.flatten(1, 2), rest], 1).reshape(weight.shape)

    def __call__(self, x: Tensor, step: Step, cache: AttentionCache) -> Tensor:
        batch, width, _ = x.shape
        heads, kv_heads, size = self.heads, self.kv_heads, self.head_dim
        projected = self.project(x).view(batch, width, -1, size)
        turning, values, gate = projected.split(
            [heads + kv_heads, kv_heads, projected.shape[2] - heads - 2 * kv_heads], 2
        )
        if self.norms is not None:
            turning = torch.cat([self.norms[0](turning[:, :, :heads]), self.norms[1](turning[:, :, heads:])], 2)
        if self.rotary_dim:
            turning = rotated(turning, step.turn, self.rotary_dim)
        queries, keys = turning[:, :, :heads], turning[:, :, heads:]
        for kept, new in ((cache.keys, keys), (cache.values, values)):
            kept.view(-1, kv_heads, size).index_copy_(0, step.slots, new.reshape(-1, kv_heads, size).to(kept.dtype))
        # The heads that share a key head stand as further queries of it: [B, kv_heads, group * W, D].
        group = heads // kv_heads
        queries = queries.reshape(batch, width, kv_heads, group, size).permute(0, 2, 3, 1, 4).flatten(2, 3)
        keys, values = (part[step.rows, : step.span].transpose(1, 2) for part in (cache.keys, cache.values))
        seen = functional.scaled_dot_product_attention(
            queries.to(keys.dtype), keys, values, attn_mask=step.masks[self.kind]
        )
        seen = seen.unflatten(2, (group, width)).permute(0, 3, 1, 2, 4).reshape(batch, width, heads * size).to(x.dtype)
        if gate.shape[2]:
            seen = seen * gate.flatten(2).sigmoid()
        return self.out(seen)


def rotated(x: Tensor, turn: Tensor, size: int) -> Tensor:
    """`x` [B, W, H, D] with the first `size` components of each head turned, neighbours in pairs."""
    pairs = torch.view_as_complex(x[..., :size].float().unflatten(-1, (-1, 2)))
    turned = torch.view_as_real(pairs * turn).flatten(-2).to(x.dtype)
    return turned if size == x.shape[-1] else torch.cat([turned, x[..., size:]], -1)


def joined(parts: list[Tensor | None]) -> Tensor | None:
    """The biases one behind the other, None where there are none."""
    present = [part for part in parts if part is not None]
    return torch.cat(present) if present else None
