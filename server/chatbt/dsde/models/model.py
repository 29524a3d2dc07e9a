"""A causal language model over a cache of slots: tokens in, logits out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor
from torch.nn import functional

from chatbt.dsde.cache import AttentionCache, Cache, RecurrentCache
from chatbt.dsde.models.config import LayerKind, ModelConfig, read_config
from chatbt.dsde.models.deltanet import GatedDeltaNet
from chatbt.dsde.models.layers import Attention, Mlp, Step
from chatbt.dsde.models.placing import Norm, Placement, SmallNorm
from chatbt.dsde.models.weights import Weights, read_weights
from chatbt.dsde.traces import traced


class Block:
    """One layer: attention of some kind, then the MLP, each behind its norm and added to the stream."""

    def __init__(self, config: ModelConfig, weights: Weights, layer: int, place: Placement) -> None:
        name = f"model.layers.{layer}"
        self.mix: Attention | GatedDeltaNet
        if config.layers[layer] == "linear_attention":
            self.mix = GatedDeltaNet(config, weights, f"{name}.linear_attn", place)
        else:
            self.mix = Attention(config, weights, f"{name}.self_attn", layer, place)
        self.before = norm(config, weights, f"{name}.input_layernorm", place)
        self.between = norm(config, weights, f"{name}.post_attention_layernorm", place)
        self.mlp = Mlp(config, weights, f"{name}.mlp", place)

    def __call__(self, x: Tensor, step: Step, cache: AttentionCache | RecurrentCache) -> Tensor:
        x = x + self.mix(self.before(x), step, cache)  # type: ignore[arg-type]  # each layer's cache is of its kind
        return x + self.mlp(self.between(x))


class Model:
    """The weights of one model on one device."""

    def __init__(self, config: ModelConfig, theirs: Any, weights: Weights, place: Placement) -> None:
        self.config = config
        self.place = place
        self.device = place.device
        embedding = weights.take("model.embed_tokens.weight", config.vocab, config.hidden)
        self.embedding = place.table(embedding)
        self.blocks = [Block(config, weights, layer, place) for layer in range(len(config.layers))]
        self.norm = norm(config, weights, "model.norm", place)
        lm_head = weights.take_if_there if config.tied else weights.take
        head = lm_head("lm_head.weight", config.vocab, config.hidden)
        if config.tied or head is None:  # the table itself where it has the weights' precision: one copy on a GPU
            head = self.embedding if place.stream == place.dtype else embedding
        self.head = place.product(head)
        weights.finish(config.model_type)
        self.frequencies, self.scale = rotary_frequencies(theirs, config.rotary_dim)
        self.turns = torch.empty(0)

    @classmethod
    def load(cls, folder: Path, device: torch.device, dtype: torch.dtype) -> Model:
        """The model in `folder`, its weights in `dtype`. Raises `LoadError`."""
        config, theirs = read_config(folder)
        return cls(config, theirs, read_weights(folder), Placement(device, dtype))

    def cache(self, slots: int, span: int, trail: int) -> Cache:
        """An empty cache for this model; see `Cache`."""
        angles = torch.arange(span, dtype=torch.float32)[:, None] * self.frequencies.float().cpu()
        turns = torch.polar(torch.full_like(angles, self.scale), angles)[:, None]
        config = self.config
        if config.turns_whole_heads:
            still = torch.ones_like(turns).expand(-1, config.kv_heads, -1)
            turns = torch.cat([turns.expand(-1, config.heads + config.kv_heads, -1), still], 1)
        self.turns = turns.to(self.device)
        return Cache(config, slots, span, trail, self.device, self.place.stream)

    def forward(
        self,
        tokens: Tensor,
        cache: Cache,
        rows: slice,
        *,
        offset: int | None,
        span: int,
        logits: Literal["all", "last", "none"] = "all",
        out: Tensor | None = None,
    ) -> Tensor:
        """Logits [B, W, vocab] in float32 after each of `tokens` [B, W], which follow what the rows hold.

        `offset` tokens have been written since the last commit; None reads for good (a prefill of whole rows).
        `span` positions of the cache are looked at: at least every row's length + offset + W. With "last" W is 1, with
        "none" the result is empty. `out`: where to put the result.
        """
        made = self.compute(tokens, cache, rows, offset, self.turns[:span], logits)
        if offset is None:
            cache.lengths[rows] += tokens.shape[1]
        return made if out is None or logits == "none" else out.copy_(made)

    def traced(self, cache: Cache, logits: Literal["all", "last", "none"]) -> Callable[..., Tensor] | None:
        """`compute` of the first rows of `cache` at offset 0 as a function of tokens [B, W], turns [S, ...] and the
        cache's state; None for models with recurrent layers."""
        state = cache.state
        if state is None:
            return None

        def function(tokens: Tensor, turns: Tensor, *state: Tensor) -> Tensor:
            return self.compute(tokens, cache.over(*state), slice(0, tokens.shape[0]), 0, turns, logits)

        few = [torch.zeros_like(each[:2]) for each in state]  # the run writes into them
        tokens = torch.zeros(len(few[0]), 3, dtype=torch.int64, device=self.device)
        return traced(function, (tokens, self.turns[:64], *few))

    def compute(
        self,
        tokens: Tensor,
        cache: Cache,
        rows: slice,
        offset: int | None,
        turns: Tensor,
        logits: Literal["all", "last", "none"],
    ) -> Tensor:
        """The logits of `forward`. `turns` [S, ...] are the rotations of the positions that are looked at."""
        step = self._step(tokens, cache, rows, offset, turns)
        x = functional.embedding(tokens, self.embedding)
        for block, layer in zip(self.blocks, cache.layers, strict=True):
            x = block(x, step, layer)
        if logits == "none":
            return x[:, :0]
        return self.head(self.norm(x[:, -1:] if logits == "last" else x)).float()

    def _step(self, tokens: Tensor, cache: Cache, rows: slice, offset: int | None, turns: Tensor) -> Step:
        batch, width = tokens.shape
        span = turns.shape[0]
        first = cache.lengths[rows] + (offset or 0)
        positions = first[:, None] + torch.arange(width, device=self.device)
        places = torch.arange(rows.start, rows.start + batch, device=self.device)[:, None] * cache.span + positions
        config = self.config
        group = config.heads // config.kv_heads
        back = positions[:, :, None] - torch.arange(span, device=self.device)  # [B, W, S]
        masks: dict[LayerKind, Tensor] = {}
        for kind in {*config.layers} - {"linear_attention"}:
            hidden = (back < 0) | (back >= config.window) if kind == "sliding_attention" else back < 0
            mask = torch.zeros(hidden.shape, dtype=self.place.stream, device=self.device).masked_fill_(
                hidden, -torch.inf
            )
            masks[kind] = mask[:, None].repeat(1, 1, group, 1) if group > 1 else mask[:, None]
        return Step(rows, offset, span, places.flatten(), turns[positions], masks)


def norm(config: ModelConfig, weights: Weights, name: str, place: Placement) -> Norm | SmallNorm:
    """The norm of the stream called `name`."""
    weight = weights.take(f"{name}.weight", config.hidden)
    return place.norm(weight.float() + 1 if config.centred_norm else weight, config.eps)


def rotary_frequencies(theirs: Any, size: int) -> tuple[Tensor, float]:
    """Radians by token for each pair of components, and the factor on queries and keys that some scalings want."""
    from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

    kind = theirs.rope_parameters["rope_type"]
    if kind != "default":
        frequencies, scale = ROPE_INIT_FUNCTIONS[kind](theirs, torch.device("cpu"))
        return frequencies, float(scale)
    powers = torch.arange(0, size, 2, dtype=torch.float32) / size
    return theirs.rope_parameters["rope_theta"] ** -powers, 1.0
