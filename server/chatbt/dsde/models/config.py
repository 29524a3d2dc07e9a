"""The shape of a causal language model, read from the `config.json` beside its weights."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from chatbt.dsde.errors import LoadError

LayerKind = Literal["full_attention", "sliding_attention", "linear_attention"]

SUPPORTED = ("llama", "mistral", "qwen2", "qwen3", "smollm3", "qwen3_5_text")
"""The `model_type`s whose layers are known here. SmolLM and SmolLM2 are `llama`."""


@dataclass(frozen=True, slots=True)
class DeltaConfig:
    """The shape of a Gated DeltaNet layer."""

    key_heads: int
    value_heads: int
    key_dim: int
    value_dim: int
    kernel: int
    """Width of the causal convolution, in tokens."""


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """What the forward pass needs to know. Sizes are counts, `rotary_dim` the part of a head that turns."""

    model_type: str
    vocab: int
    hidden: int
    intermediate: int
    heads: int
    kv_heads: int
    head_dim: int
    eps: float
    tied: bool
    context: int
    layers: tuple[LayerKind, ...]
    rotary: tuple[bool, ...]
    """By layer: whether its queries and keys are turned by their position (some of SmolLM3's are not)."""
    rotary_dim: int
    window: int
    """Tokens a sliding layer looks back, 0 where there is none."""
    query_key_norm: bool
    gated_attention: bool
    centred_norm: bool
    """Whether a norm multiplies by 1 + weight."""
    eos: frozenset[int]
    delta: DeltaConfig | None = None

    @property
    def turns_whole_heads(self) -> bool:
        """Whether all components of a head turn."""
        return self.rotary_dim == self.head_dim


def read_config(folder: Path) -> tuple[ModelConfig, Any]:
    """The shape of the model in `folder`, and transformers' own configuration (for its rotary embedding).

    Raises `LoadError` for a folder without a readable `config.json` and for a kind of model that is not supported.
    """
    from transformers import AutoConfig

    path = folder / "config.json"
    try:
        kind = json.loads(path.read_bytes()).get("model_type")
    except FileNotFoundError:
        raise LoadError(f"{folder} has no config.json: give the folder of a model in Hugging Face's format") from None
    except (ValueError, AttributeError) as error:
        raise LoadError(f"{path} is not a JSON object: {error}") from None
    if kind not in (*SUPPORTED, "qwen3_5"):
        raise LoadError(f"{path}: model_type {kind!r} is not supported; known are {', '.join(SUPPORTED)}")
    try:
        theirs = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:
        raise LoadError(f"{path}: {error}") from error
    theirs = theirs.get_text_config()
    return _shape(theirs, path), theirs


def _shape(theirs: Any, path: Path) -> ModelConfig:
    count = theirs.num_hidden_layers
    head_dim = getattr(theirs, "head_dim", None) or theirs.hidden_size // theirs.num_attention_heads
    if theirs.hidden_act not in {"silu", "swish"}:
        raise LoadError(f"{path}: hidden_act {theirs.hidden_act!r} is not supported; silu is")
    hybrid = theirs.model_type == "qwen3_5_text"
    kinds = _kinds(theirs, count)
    share = theirs.rope_parameters.get("partial_rotary_factor", 1.0)
    return ModelConfig(
        model_type=theirs.model_type,
        vocab=theirs.vocab_size,
        hidden=theirs.hidden_size,
        intermediate=theirs.intermediate_size,
        heads=theirs.num_attention_heads,
        kv_heads=theirs.num_key_value_heads or theirs.num_attention_heads,
        head_dim=head_dim,
        eps=theirs.rms_norm_eps,
        tied=theirs.tie_word_embeddings,
        context=theirs.max_position_embeddings,
        layers=kinds,
        rotary=tuple(bool(turned) for turned in getattr(theirs, "no_rope_layers", None) or [1] * count),
        rotary_dim=int(head_dim * share),
        window=(theirs.sliding_window or 0) if "sliding_attention" in kinds else 0,
        query_key_norm=theirs.model_type in {"qwen3", "qwen3_5_text"},
        gated_attention=hybrid,
        centred_norm=hybrid,
        eos=_eos(theirs),
        delta=_delta(theirs) if hybrid else None,
    )


def _kinds(theirs: Any, count: int) -> tuple[LayerKind, ...]:
    if getattr(theirs, "layer_types", None):
        return tuple(theirs.layer_types)
    sliding = theirs.model_type == "mistral" and theirs.sliding_window
    return ("sliding_attention" if sliding else "full_attention",) * count


def _eos(theirs: Any) -> frozenset[int]:
    eos = theirs.eos_token_id
    return frozenset(eos if isinstance(eos, list) else [] if eos is None else [eos])


def _delta(theirs: Any) -> DeltaConfig:
    return DeltaConfig(
        key_heads=theirs.linear_num_key_heads,
        value_heads=theirs.linear_num_value_heads,
        key_dim=theirs.linear_key_head_dim,
        value_dim=theirs.linear_value_head_dim,
        kernel=theirs.linear_conv_kernel_dim,
    )
