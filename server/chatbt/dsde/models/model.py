"""A causal language model over a cache of slots: tokens in, logits out."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor
from torch.nn import functional

from chatbt.dsde.cache import AttentionCache, Cache, RecurrentCache
from chatbt.dsde.models.config import LayerKind, ModelConfig, read_config
from chatbt.dsde.models.deltanet import GatedDeltaNet
from chatbt.dsde.models.layers import Attention, Linear, Mlp, Norm, Step
from chatbt.dsde.models.weights import Weights, read_weights


class Block:
    """One layer: attention of some kind, then the MLP, each behind its norm and added to the stream."""

    def __init__(self, config: ModelConfig, weights: Weights, layer: int) -> None:
        name = f"model.layers.{layer}"
        self.mix: Attention | GatedDeltaNet
        if config.layers[layer] == "linear_attention":
            self.mix = GatedDeltaNet(config, weights, f"{name}.linear_attn")
        else:
            self.mix = Attention(config, weights, f"{name}.self_attn", layer)
        self.before = norm(config, weights, f"{name}.input_layernorm")
        self.between = norm(config, weights, f"{name}.post_attention_layernorm")
        self.mlp = Mlp(config, weights, f"{name}.mlp")

    def __call__(self, x: Tensor, step: Step, cache: AttentionCache | RecurrentCache) -> Tensor:
        x = x + self.mix(self.before(x), step, cache)  # type: ignore[arg-type]  # each layer's cache is of its kind
        return x + self.mlp(self.between(x))


class Model:
    """The weights of one model on one device.

    On a CPU the stream between the products and the caches are float32 whatever the weights are: small kernels in
    bfloat16 are slower there (tests/bench/LOG.md).
    """

    def __init__(self, config: ModelConfig, theirs: Any, weights: Weights) -> None:
        self.config = config
        self.embedding = weights.take("model.embed_tokens.weight", config.vocab, config.hidden)
        self.blocks = [Block(config, weights, layer) for layer in range(len(config.layers))]
        self.norm = norm(config, weights, "model.norm")
        lm_head = weights.take_if_there if config.tied else weights.take
        head = lm_head("lm_head.weight", config.vocab, config.hidden)
        self.head = Linear(self.embedding if config.tied or head is None else head)
        weights.finish(config.model_type)
        frequencies, self.scale = rotary_frequencies(theirs, config.rotary_dim)
        self.frequencies = frequencies
        self.turns = torch.empty(0)
        self.device = torch.device("cpu")
        self.stream = torch.float32

    @classmethod
    def load(cls, folder: Path, device: torch.device, dtype: torch.dtype) -> Model:
        """The model in `folder`, its weights in `dtype`. Raises `LoadError`."""
        config, theirs = read_config(folder)
        model = cls(config, theirs, read_weights(folder))
        model.place(device, dtype)
        return model

    def place(self, device: torch.device, dtype: torch.dtype) -> None:
        """Move every weight to `device` in `dtype`. Norms and biases of gates stay in the stream's precision."""
        self.device = device
        self.stream = torch.float32 if device.type == "cpu" else dtype
        tied = self.head.weight is self.embedding
        _place(self, device, dtype, self.stream)
        if tied:
            self.head = Linear(self.embedding)

    def cache(self, slots: int, span: int, trail: int) -> Cache:
        """An empty cache for this model; see `Cache`."""
        angles = torch.arange(span, dtype=torch.float32)[:, None] * self.frequencies.float().cpu()
        self.turns = torch.polar(torch.full_like(angles, self.scale), angles).to(self.device)
        return Cache(self.config, slots, span, trail, self.device, self.stream)

    def forward(
        self,
        tokens: Tensor,
        cache: Cache,
        rows: slice,
        *,
        offset: int | None,
        span: int,
        logits: Literal["all", "last", "none"] = "all",
    ) -> Tensor:
        """Logits [B, W, vocab] in float32 after each of `tokens` [B, W], which follow what the rows hold.

        `offset` tokens have been written since the last commit; None reads for good (a prefill of whole rows).
        `span` positions of the cache are looked at: at least every row's length + offset + W. With "last" W is 1, with
        "none" the result is empty.
        """
        step = self._step(tokens, cache, rows, offset, span)
        x = functional.embedding(tokens, self.embedding).to(self.stream)
        for block, layer in zip(self.blocks, cache.layers, strict=True):
            x = block(x, step, layer)
        if offset is None:
            cache.lengths[rows] += tokens.shape[1]
        if logits == "none":
            return x[:, :0]
        return self.head(self.norm(x[:, -1:] if logits == "last" else x)).float()

    def _step(self, tokens: Tensor, cache: Cache, rows: slice, offset: int | None, span: int) -> Step:
        batch, width = tokens.shape
        first = cache.lengths[rows] + (offset or 0)
        positions = first[:, None] + torch.arange(width, device=self.device)
        places = torch.arange(rows.start, rows.start + batch, device=self.device)[:, None] * cache.span + positions
        config = self.config
        group = config.heads // config.kv_heads
        back = positions[:, :, None] - torch.arange(span, device=self.device)  # [B, W, S]
        masks: dict[LayerKind, Tensor] = {}
        for kind in {*config.layers} - {"linear_attention"}:
            hidden = (back < 0) | (back >= config.window) if kind == "sliding_attention" else back < 0
            mask = torch.zeros(hidden.shape, dtype=self.stream, device=self.device).masked_fill_(hidden, -torch.inf)
            masks[kind] = mask[:, None].repeat(1, 1, group, 1) if group > 1 else mask[:, None]
        return Step(rows, offset, span, places.flatten(), self.turns[positions].unsqueeze(2), masks)


def norm(config: ModelConfig, weights: Weights, name: str) -> Norm:
    """The norm of the stream called `name`."""
    weight = weights.take(f"{name}.weight", config.hidden)
    return Norm(weight.float() + 1 if config.centred_norm else weight, config.eps)


def rotary_frequencies(theirs: Any, size: int) -> tuple[Tensor, float]:
    """Radians by token for each pair of components, and the factor on queries and keys that some scalings want."""
    from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

    kind = theirs.rope_parameters["rope_type"]
    if kind != "default":
        frequencies, scale = ROPE_INIT_FUNCTIONS[kind](theirs, torch.device("cpu"))
        return frequencies, float(scale)
    powers = torch.arange(0, size, 2, dtype=torch.float32) / size
    return theirs.rope_parameters["rope_theta"] ** -powers, 1.0


def _place(part: Any, device: torch.device, dtype: torch.dtype, stream: torch.dtype) -> None:
    """Walk the layers of our own kind and put each tensor where and in the precision in which it is used."""
    for name in getattr(part, "__slots__", None) or vars(part):
        value = getattr(part, name)
        match value:
            case Tensor() if not value.is_complex():
                keep = stream if isinstance(part, Norm) else torch.float32 if name in _EXACT else dtype
                object.__setattr__(part, name, value.to(device, keep))
            case list() | tuple() if value and not isinstance(value[0], int | str):
                for inner in value:
                    _place(inner, device, dtype, stream)
            case Linear() | Norm() | Mlp() | Attention() | GatedDeltaNet() | Block():
                _place(value, device, dtype, stream)


_EXACT = frozenset({"bias", "rate", "kernel", "frequencies"})
"""Tensors outside the products that are used in float32 (a `Linear`'s bias follows its weight)."""
