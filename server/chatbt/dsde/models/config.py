"""The shape of a causal language model, read from the `config.json` beside its weights."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from chatbt.dsde.errors import LoadError

LayerKind = Literal["full_attention", "sliding_attention", "linear_attention"]

SUPPORTED = ("llama", "mistral", "qwen2", "qwen3", "smollm3", "qwen3_5_text")
"""The `model_type`s whose layers are known here. SmolLM and SmolLM2 are `llama`."""

ROTATIONS = ("default", "linear", "llama3", "yarn")
"""Scalings of the rotary embedding that do not depend on how long the text is."""


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
    if not path.exists():
        raise LoadError(f"{folder} has no config.json: give the folder of a model in Hugging Face's format")
    kind = _object(path).get("model_type")
    if kind not in (*SUPPORTED, "qwen3_5"):
        raise LoadError(f"{path}: model_type {kind!r} is not supported; known are {', '.join(SUPPORTED)}")
    try:
        theirs = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:
        raise LoadError(f"{path}: {error}") from error
    if quantised := getattr(theirs, "quantization_config", None):
        method = quantised.get("quant_method") if isinstance(quantised, dict) else quantised
        raise LoadError(f"{path}: quantised weights ({method}) are not supported: take the model's bfloat16 version")
    text = theirs.get_text_config()
    _check(text, path)
    # A multimodal model says for both of its parts whether the head is the embedding.
    return _shape(text, theirs.tie_word_embeddings or text.tie_word_embeddings, _ends(text, folder)), text


def _ends(theirs: Any, folder: Path) -> frozenset[int]:
    """The tokens that end a text, by the model's two configurations: many chat models name more in the second."""
    path = folder / "generation_config.json"
    told = [theirs.eos_token_id, _object(path).get("eos_token_id") if path.exists() else None]
    return frozenset(token for eos in told for token in (eos if isinstance(eos, list) else [eos]) if token is not None)


def _object(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_bytes())
    except OSError as error:
        raise LoadError(f"{path} cannot be read: {error}") from None
    except ValueError as error:
        raise LoadError(f"{path} is not a JSON object: {error}") from None
    if not isinstance(told, dict):
        raise LoadError(f"{path} is not a JSON object")
    return told


def _check(theirs: Any, path: Path) -> None:
    """Refuse what the layers cannot compute."""
    for name in ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads"):
        if getattr(theirs, name) < 1:
            raise LoadError(f"{path}: {name} is {getattr(theirs, name)}; it must be at least 1")
    heads, kv_heads = theirs.num_attention_heads, theirs.num_key_value_heads or theirs.num_attention_heads
    if heads % kv_heads:
        raise LoadError(f"{path}: num_attention_heads is {heads}, no multiple of num_key_value_heads, {kv_heads}")
    if theirs.hidden_act not in {"silu", "swish"}:
        raise LoadError(f"{path}: hidden_act {theirs.hidden_act!r} is not supported; silu is")
    if (rotation := theirs.rope_parameters.get("rope_type")) not in ROTATIONS:
        raise LoadError(f"{path}: rope_type {rotation!r} is not supported; known are {', '.join(ROTATIONS)}")
    kinds = _kinds(theirs, theirs.num_hidden_layers)
    known = {*get_args(LayerKind)} - ({"linear_attention"} if theirs.model_type != "qwen3_5_text" else set())
    if unknown := {*kinds} - known:
        raise LoadError(f"{path}: layers of kind {', '.join(sorted(unknown))} are not supported")
    if "sliding_attention" in kinds and not theirs.sliding_window:
        raise LoadError(f"{path}: there are sliding layers, but sliding_window is {theirs.sliding_window}")


def _shape(theirs: Any, tied: bool, ends: frozenset[int]) -> ModelConfig:
    count = theirs.num_hidden_layers
    head_dim = getattr(theirs, "head_dim", None) or theirs.hidden_size // theirs.num_attention_heads
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
        tied=tied,
        context=theirs.max_position_embeddings,
        layers=kinds,
        rotary=tuple(bool(turned) for turned in getattr(theirs, "no_rope_layers", None) or [1] * count),
        rotary_dim=int(head_dim * share),
        window=(theirs.sliding_window or 0) if "sliding_attention" in kinds else 0,
        query_key_norm=theirs.model_type in {"qwen3", "qwen3_5_text"},
        gated_attention=hybrid,
        centred_norm=hybrid,
        eos=ends,
        delta=_delta(theirs) if hybrid else None,
    )


def _kinds(theirs: Any, count: int) -> tuple[LayerKind, ...]:
    if getattr(theirs, "layer_types", None):
        return tuple(theirs.layer_types)
    sliding = theirs.model_type == "mistral" and theirs.sliding_window
    return ("sliding_attention" if sliding else "full_attention",) * count


def _delta(theirs: Any) -> DeltaConfig:
    return DeltaConfig(
        key_heads=theirs.linear_num_key_heads,
        value_heads=theirs.linear_num_value_heads,
        key_dim=theirs.linear_key_head_dim,
        value_dim=theirs.linear_value_head_dim,
        kernel=theirs.linear_conv_kernel_dim,
    )
