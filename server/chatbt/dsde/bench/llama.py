"""llama.cpp beside it, where `llama-cpp-python` and `gguf` are installed: the same weights, in half precision."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch

from chatbt.dsde.bench.options import Options
from chatbt.dsde.bench.runners import Answers, Runner
from chatbt.dsde.models.config import read_config

LLAMA, LOOKUP = "llama.cpp", "llama.cpp prompt lookup"
LOG = logging.getLogger("chatbt.dsde")


class LlamaCpp:
    """llama.cpp through its Python binding; with `lookup` it drafts copies from the text, as the binding can."""

    def __init__(self, name: str, file: Path, ends: frozenset[int], context: int, threads: int, lookup: int) -> None:
        llama_cpp: Any = import_module("llama_cpp")
        speculative: Any = import_module("llama_cpp.llama_speculative")
        self.name = name
        self.ends = ends
        self._model: Any = llama_cpp.Llama(
            str(file),
            n_ctx=context,
            n_threads=threads,
            n_threads_batch=threads,
            type_k=llama_cpp.GGML_TYPE_F32,
            type_v=llama_cpp.GGML_TYPE_F32,
            logits_all=bool(lookup),
            draft_model=speculative.LlamaPromptLookupDecoding(num_pred_tokens=lookup) if lookup else None,
            verbose=False,
        )

    def answer(self, prompts: Sequence[Sequence[int]], longest: int, temperature: float) -> Answers:
        return Answers([self._one(prompt, longest) for prompt in prompts])

    def _one(self, prompt: Sequence[int], longest: int) -> tuple[int, ...]:
        self._model.reset()
        tokens: list[int] = []
        for token in self._model.generate(list(prompt), temp=0.0):
            if token in self.ends:
                break
            tokens.append(token)
            if len(tokens) >= longest:
                break
        return tuple(tokens)


def runners(options: Options, folder: Path, context: int) -> Iterator[Runner]:
    """llama.cpp with its speculative mode and without, if it is installed and knows the model; `folder` is for its
    file."""
    if not (find_spec("llama_cpp") and find_spec("gguf")):
        return
    file = folder / "target.gguf"
    try:
        write(options.target, file)
    except ValueError as error:
        LOG.warning("llama.cpp is left out: %s", error)
        return
    ends = read_config(options.target)[0].eos
    yield LlamaCpp(LLAMA, file, ends, context, options.threads, 0)
    yield LlamaCpp(LOOKUP, file, ends, context, options.threads, 10)


def write(folder: Path, file: Path) -> None:
    """Write a Llama as GGUF: matrices in half precision, the rest in float32. ValueError for another kind of model."""
    from safetensors.torch import load_file

    gguf: Any = import_module("gguf")

    config = json.loads((folder / "config.json").read_bytes())
    if config["model_type"] != "llama" or not config.get("tie_word_embeddings"):
        raise ValueError(f"{folder} is no llama with tied embeddings")
    weights: dict[str, torch.Tensor] = {}
    for part in sorted(folder.glob("*.safetensors")):
        weights |= load_file(part)
    heads = config["num_attention_heads"]
    kv_heads = config.get("num_key_value_heads") or heads
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_dimension_count(config.get("head_dim") or config["hidden_size"] // heads)
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    _write_tokenizer(writer, folder, config["vocab_size"])
    for name, weight in weights.items():
        for turned, count in (("q_proj", heads), ("k_proj", kv_heads)):
            if turned in name:
                weight = interleaved(weight, count)
        kept = weight.half() if weight.dim() > 1 else weight.float()
        writer.add_tensor(_name(name), kept.numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def interleaved(weight: torch.Tensor, heads: int) -> torch.Tensor:
    """Rows of queries or keys with the two that turn together side by side, as llama.cpp wants them."""
    return weight.view(heads, 2, -1, *weight.shape[1:]).transpose(1, 2).reshape(weight.shape)


_PARTS = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def _name(name: str) -> str:
    """What llama.cpp calls a tensor."""
    whole = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight"}
    if name in whole:
        return whole[name]
    layer, _, part = name.removeprefix("model.layers.").removesuffix(".weight").partition(".")
    if part not in _PARTS:
        raise ValueError(f"a tensor {name} is not known")
    return f"blk.{layer}.{_PARTS[part]}.weight"


def _write_tokenizer(writer: Any, folder: Path, size: int) -> None:
    """The byte-level vocabulary. Only token ids are given and asked for: it need not split as the model's does."""
    kept = json.loads((folder / "tokenizer.json").read_bytes())
    tokens = {number: text for text, number in kept["model"]["vocab"].items()}
    special = {each["id"]: each["content"] for each in kept["added_tokens"]}
    merges = [pair if isinstance(pair, str) else " ".join(pair) for pair in kept["model"]["merges"]]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([{**tokens, **special}.get(at, f"<unused {at}>") for at in range(size)])
    writer.add_token_types([3 if at in special else 1 if at in tokens else 5 for at in range(size)])
    writer.add_token_merges(merges)
    writer.add_eos_token_id(min(read_config(folder)[0].eos, default=0))
