"""Tiny models in Hugging Face's format, made here: random weights whose distributions are not flat, and a tokenizer."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

hub: Any = transformers  # not typed throughout
hub.utils.logging.disable_progress_bar()
hub.utils.logging.set_verbosity_error()

VOCAB = 300
CONTEXT = 512
EOS = 0
STD = 0.15
NOISE = 0.004
"""Of a draft: with it about half of what it drafts is accepted."""

TEXT = """def add(left, right):
    return left + right

class Counter:
    def __init__(self, items=None):
        self.items = items if items is not None else {}
        for item in self.items:
            print(item, self.items[item])

The default is made once, when the function is defined. Every call that leaves it out shares the list.
"""

_ROPE = {"rope_type": "default", "rope_theta": 10000.0}
_LLAMA3_ROPE = {
    "rope_type": "llama3",
    "rope_theta": 10000.0,
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
}
_HYBRID = ["linear_attention", "linear_attention", "full_attention"]
_KINDS: dict[str, dict[str, Any]] = {
    "llama": {"model_type": "llama"},
    "llama3-rope": {"model_type": "llama", "rope_parameters": _LLAMA3_ROPE},
    "llama-biases": {"model_type": "llama", "attention_bias": True, "mlp_bias": True},
    "qwen2": {"model_type": "qwen2", "tie_word_embeddings": True},
    "qwen2-sliding": {
        "model_type": "qwen2",
        "use_sliding_window": True,
        "sliding_window": 7,
        "max_window_layers": 1,
    },
    "llama-yarn": {
        "model_type": "llama",
        "rope_parameters": {
            "rope_type": "yarn",
            "rope_theta": 10000.0,
            "factor": 4.0,
            "original_max_position_embeddings": 32,
        },
    },
    "qwen3": {"model_type": "qwen3", "head_dim": 32},
    "mistral": {"model_type": "mistral", "sliding_window": 7},
    "smollm3": {"model_type": "smollm3", "no_rope_layers": [1, 0]},
    "qwen3_5_text": {
        "model_type": "qwen3_5_text",
        "num_hidden_layers": 3,
        "layer_types": _HYBRID,
        "head_dim": 32,
        "linear_num_key_heads": 2,
        "linear_num_value_heads": 4,
        "linear_key_head_dim": 16,
        "linear_value_head_dim": 8,
        "rope_parameters": {**_ROPE, "partial_rotary_factor": 0.25},
    },
}
KINDS = tuple(_KINDS)
"""Every layout of a model that is known, by the name to ask `Tiny.model` for it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The folders of a target and of a draft that is often right."""

    target: Path
    draft: Path


@dataclass(slots=True)
class Tiny:
    """Makes models below `folder`, each once."""

    folder: Path
    _made: dict[str, Path] = field(default_factory=dict)

    def model(self, kind: str = "llama", seed: int = 0, **changes: Any) -> Path:
        """A model of one of `KINDS`, with `changes` to its configuration."""
        name = "-".join([kind, str(seed), *(f"{key}={value}" for key, value in sorted(changes.items()))])
        if name not in self._made:
            folder = self.folder / str(len(self._made))
            save(folder, network(kind, seed, **changes))
            self._made[name] = folder
        return self._made[name]

    def draft(self, kind: str = "llama", seed: int = 0, noise: float = NOISE, **changes: Any) -> Path:
        """A draft for `model(kind, seed, **changes)`: the same weights, each with noise of `noise` added."""
        name = "-".join(["draft", kind, str(seed), str(noise), *(f"{k}={v}" for k, v in sorted(changes.items()))])
        if name not in self._made:
            folder = self.folder / str(len(self._made))
            made = network(kind, seed, **changes)
            _disturb(made, noise, torch.Generator().manual_seed(seed + 1))
            save(folder, made)
            self._made[name] = folder
        return self._made[name]

    def pair(self, kind: str = "llama", seed: int = 0, noise: float = NOISE, **changes: Any) -> Pair:
        """Both."""
        return Pair(self.model(kind, seed, **changes), self.draft(kind, seed, noise, **changes))


def network(kind: str, seed: int = 0, **changes: Any) -> Any:
    """transformers' own model with random weights. No weight is left at 0 or 1, where a fault would not show."""
    settings = {
        "vocab_size": VOCAB,
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": CONTEXT,
        "rope_parameters": _ROPE,
        "tie_word_embeddings": False,
        "bos_token_id": None,
        "eos_token_id": EOS,
        "pad_token_id": None,
        **_KINDS[kind],
        **changes,
    }
    model = hub.AutoModelForCausalLM.from_config(hub.AutoConfig.for_model(**settings)).float().eval()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() > 1:
                weight.normal_(0.0, STD, generator=generator)
            elif name.endswith("A_log"):
                weight.uniform_(-2.0, 1.0, generator=generator)
            else:
                weight.add_(torch.empty_like(weight).normal_(0.0, STD, generator=generator))
    return model


def reference(folder: Path, tokens: list[list[int]]) -> torch.Tensor:
    """transformers' logits [B, W, V] after each of `tokens` [B, W]."""
    model = hub.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    with torch.inference_mode():
        logits: torch.Tensor = model(torch.tensor(tokens)).logits
    return logits


def _disturb(model: Any, noise: float, generator: torch.Generator) -> None:
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(torch.empty_like(weight).normal_(0.0, noise, generator=generator))


def save(folder: Path, model: Any) -> None:
    """Write a model and the tokenizer as `from_pretrained` wants them."""
    model.save_pretrained(folder, safe_serialization=True)
    tokenizer().save_pretrained(folder)


def tokenizer(vocab: int = VOCAB) -> Any:
    """A byte-level tokenizer whose end token is `EOS`."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab,
        special_tokens=["<eos>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator([TEXT], trainer)
    return hub.PreTrainedTokenizerFast(tokenizer_object=made, eos_token="<eos>", clean_up_tokenization_spaces=False)
