"""The layers of a Llama-like model, written for few kernels: fused projections, rotation by complex numbers.

Shapes: B rows, W new tokens a row, S positions looked at, H query heads, G key (and value) heads, D the size of a head.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from chatbt.dsde.cache import AttentionCache
from chatbt.dsde.models.config import LayerKind, ModelConfig
from chatbt.dsde.models.placing import Placement
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
    """[B, W, H + 2G or 1, rotary_dim / 2], complex: the rotation of each position (Su et al., RoFormer, 2021)."""
    masks: dict[LayerKind, Tensor]
    """By kind of layer: [B, 1, W * H / G, S], 0 where a token may look and -inf where not."""


class Mlp:
    """down(silu(gate(x)) * up(x)), gate and up in one product."""

    def __init__(self, config: ModelConfig, weights: Weights, name: str, place: Placement) -> None:
        inner, outer = config.intermediate, config.hidden
        parts = [weights.take(f"{name}.{part}.weight", inner, outer) for part in ("gate_proj", "up_proj")]
        biases = [weights.take_if_there(f"{name}.{part}.bias", inner) for part in ("gate_proj", "up_proj")]
        self.inner = inner
        self.gate_up = place.product(torch.cat(parts), joined(biases))
        self.down = place.product(
            weights.take(f"{name}.down_proj.weight", outer, inner),
            weights.take_if_there(f"{name}.down_proj.bias", outer),
        )

    def __call__(self, x: Tensor) -> Tensor:
        both = self.gate_up(x)
        return self.down(functional.silu(both[..., : self.inner]).mul_(both[..., self.inner :]))


class Attention:
    """Grouped-query attention over a slot's cache, with the output gate of Qwen3.5 where the model has one."""

    def __init__(self, config: ModelConfig, weights: Weights, name: str, layer: int, place: Placement) -> None:
        self.heads, self.kv_heads, self.head_dim = config.heads, config.kv_heads, config.head_dim
        self.kind = config.layers[layer]
        self.rotary_dim = config.rotary_dim if config.rotary[layer] else 0
        self.whole = config.turns_whole_heads
        hidden, width, kv_width = config.hidden, config.heads * config.head_dim, config.kv_heads * config.head_dim
        gates = 2 if config.gated_attention else 1
        query, gate = self._split(weights.take(f"{name}.q_proj.weight", gates * width, hidden), gates)
        parts = [self._turnable(query), self._turnable(weights.take(f"{name}.k_proj.weight", kv_width, hidden))]
        parts += [weights.take(f"{name}.v_proj.weight", kv_width, hidden), *gate]
        bias = None
        query_bias = weights.take_if_there(f"{name}.q_proj.bias", gates * width)
        if query_bias is not None:
            query_bias, gate_bias = self._split(query_bias, gates)
            key_bias, value_bias = (weights.take(f"{name}.{part}.bias", kv_width) for part in ("k_proj", "v_proj"))
            bias = torch.cat([self._turnable(query_bias), self._turnable(key_bias), value_bias, *gate_bias])
        self.project = place.product(torch.cat(parts), bias)
        self.norms = None
        if config.query_key_norm:
            shift = 1 if config.centred_norm else 0
            query_norm, key_norm = (
                place.norm(self._turnable(weights.take(f"{name}.{part}.weight", config.head_dim) + shift), config.eps)
                for part in ("q_norm", "k_norm")
            )
            self.norms = query_norm, key_norm
        self.out = place.product(
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
        projected = self.project(x)
        gate = None
        if projected.shape[2] > (heads + 2 * kv_heads) * size:
            projected, gate = projected.split([(heads + 2 * kv_heads) * size, heads * size], 2)
        turned = self._turned(projected.view(batch, width, heads + 2 * kv_heads, size), step)
        cache.write(turned[:, :, heads:], step.slots)
        queries = turned[:, :, :heads].to(cache.kept.dtype)
        if heads == kv_heads:
            queries = queries.transpose(1, 2)
        else:  # heads that share a key head stand as further queries of it: [B, G, H / G * W, D]
            queries = queries.unflatten(2, (kv_heads, -1)).permute(0, 2, 3, 1, 4).flatten(2, 3)
        keys, values = cache.read(step.rows, step.span)
        seen = functional.scaled_dot_product_attention(queries, keys, values, attn_mask=step.masks[self.kind])
        seen = seen.transpose(1, 2) if heads == kv_heads else seen.unflatten(2, (-1, width)).permute(0, 3, 1, 2, 4)
        seen = seen.reshape(batch, width, heads * size).to(x.dtype)
        return self.out(seen if gate is None else seen * gate.sigmoid())

    def _turned(self, parts: Tensor, step: Step) -> Tensor:
        """Queries, keys and values [B, W, H + 2G, D]: the first two normed, where the model does, and turned."""
        heads, kv_heads = self.heads, self.kv_heads
        if self.norms is not None:
            queries, keys, values = parts.split([heads, kv_heads, kv_heads], 2)
            parts = torch.cat([self.norms[0](queries), self.norms[1](keys), values], 2)
        if not self.rotary_dim:
            return parts
        if self.whole:  # one product for all: the values are turned by nothing
            pairs = torch.view_as_complex(parts.float().unflatten(3, (-1, 2)))
            return torch.view_as_real(pairs * step.turn).view(parts.shape).to(parts.dtype)
        turning, still = parts.split([heads + kv_heads, kv_heads], 2)
        pairs = torch.view_as_complex(turning[..., : self.rotary_dim].float().unflatten(3, (-1, 2)))
        turned = torch.view_as_real(pairs * step.turn).flatten(3).to(parts.dtype)
        return torch.cat([torch.cat([turned, turning[..., self.rotary_dim :]], 3), still], 2)


def joined(parts: list[Tensor | None]) -> Tensor | None:
    """The biases one behind the other, None where there are none."""
    present = [part for part in parts if part is not None]
    return torch.cat(present) if present else None
