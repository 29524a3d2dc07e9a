"""Gated DeltaNet: the linear attention of Qwen3.5, token by token, with the state after each token kept.

    S_t = exp(g_t) S_{t-1} (I - beta_t k_t k_t^T) + beta_t v_t k_t^T,    o_t = S_t q_t

(Yang, Kautz, Hatamizadeh: Gated Delta Networks, 2024.) A causal convolution over the last few tokens comes before it.
Shapes: B rows, W new tokens, H value heads, K and V the sizes of a key and a value.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from chatbt.dsde.cache import RecurrentCache
from chatbt.dsde.models.config import ModelConfig
from chatbt.dsde.models.layers import Step
from chatbt.dsde.models.placing import Placement
from chatbt.dsde.models.weights import Weights


class GatedDeltaNet:
    """The layer's weights and its forward pass over a slot's recurrent state."""

    def __init__(self, config: ModelConfig, weights: Weights, name: str, place: Placement) -> None:
        delta = config.delta
        assert delta is not None
        self.shape = delta
        keys, values = delta.key_heads * delta.key_dim, delta.value_heads * delta.value_dim
        self.channels = 2 * keys + values
        parts = {"qkv": self.channels, "z": values, "b": delta.value_heads, "a": delta.value_heads}
        self.sizes = list(parts.values())
        projections = [
            weights.take(f"{name}.in_proj_{part}.weight", size, config.hidden) for part, size in parts.items()
        ]
        self.project = place.product(torch.cat(projections))
        kernel = weights.take(f"{name}.conv1d.weight", self.channels, 1, delta.kernel)
        self.kernel = place.exact(kernel.squeeze(1).t().contiguous())
        self.bias = place.exact(weights.take(f"{name}.dt_bias", delta.value_heads))
        self.rate = place.exact(-weights.take(f"{name}.A_log", delta.value_heads).float().exp())
        self.norm = place.norm(weights.take(f"{name}.norm.weight", delta.value_dim), config.eps)
        self.out = place.product(weights.take(f"{name}.out_proj.weight", config.hidden, values))

    def __call__(self, x: Tensor, step: Step, cache: RecurrentCache) -> Tensor:
        shape = self.shape
        batch, width, _ = x.shape
        mixed, z, b, a = self.project(x).split(self.sizes, -1)
        queries, keys, values = self._convolved(mixed, step, cache).split(
            [shape.key_heads * shape.key_dim] * 2 + [shape.value_heads * shape.value_dim], -1
        )
        group = shape.value_heads // shape.key_heads
        queries, keys = (
            _unit(part.view(batch, width, shape.key_heads, shape.key_dim)).repeat_interleave(group, 2)
            for part in (queries, keys)
        )
        values = values.view(batch, width, shape.value_heads, shape.value_dim)
        decay = (self.rate * functional.softplus(a.float() + self.bias)).exp()
        seen = self._recurrence(queries * shape.key_dim**-0.5, keys, values, decay, b.float().sigmoid(), step, cache)
        gate = functional.silu(z.float()).view(batch, width, shape.value_heads, shape.value_dim)
        return self.out((self.norm(seen.to(x.dtype)) * gate.to(x.dtype)).flatten(2))

    def _convolved(self, mixed: Tensor, step: Step, cache: RecurrentCache) -> Tensor:
        """silu of the causal convolution along each channel, in float32: [B, W, channels]."""
        inputs, width = cache.inputs[step.rows], mixed.shape[1]
        first = step.offset or 0
        window = torch.cat([inputs[:, first : first + cache.kept], mixed.to(inputs.dtype)], 1)
        if step.offset is None:
            inputs[:, : cache.kept] = window[:, -cache.kept :]
        else:
            inputs[:, first + cache.kept : first + cache.kept + width] = mixed
        taps = [window[:, tap : tap + width] * weight for tap, weight in enumerate(self.kernel)]
        return functional.silu(torch.stack(taps).sum(0).float())

    def _recurrence(
        self,
        queries: Tensor,
        keys: Tensor,
        values: Tensor,
        decay: Tensor,
        beta: Tensor,
        step: Step,
        cache: RecurrentCache,
    ) -> Tensor:
        """[B, W, H, V] in float32. The state after each token goes to the trail, a prefill's last becomes the state."""
        states = cache.states[step.rows]
        first = step.offset or 0
        state = states[:, first]
        seen = []
        for at in range(keys.shape[1]):
            key = keys[:, at].unsqueeze(-1)
            state = state * decay[:, at, :, None, None]
            known = (state * key).sum(-2)
            state = state + key * ((values[:, at] - known) * beta[:, at].unsqueeze(-1)).unsqueeze(-2)
            seen.append((state * queries[:, at].unsqueeze(-1)).sum(-2))
            if step.offset is not None:
                states[:, first + at + 1] = state
        if step.offset is None:
            states[:, 0] = state
        return torch.stack(seen, 1)


def _unit(x: Tensor) -> Tensor:
    return x * torch.rsqrt((x * x).sum(-1, keepdim=True) + 1e-6)
