"""Writes a trained model as transformers loads it, and the card of the pair."""

import json
import logging
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from training import tokenizer
from training.model import Shape, as_llama, llama_config
from training.prompts import ASSISTANT, END
from training.train import load_average

log = logging.getLogger(__name__)


def export(checkpoint: Path, tokens: Path, folder: Path) -> dict[str, object]:
    """Write the averaged weights of a checkpoint in bfloat16, with the tokenizer; what is told of the run."""
    weights, shape, told = load_average(checkpoint)
    write_model(weights, shape, folder)
    dressed = tokenizer.dressed(tokenizer.load(tokens))
    dressed.save_pretrained(folder)
    return {**told, "shape": asdict(shape), "parameters": sum(one.numel() for one in weights.values())}


def write_model(weights: dict[str, Tensor], shape: Shape, folder: Path) -> None:
    """config.json, generation_config.json and model.safetensors, as LlamaForCausalLM saves them."""
    from transformers import GenerationConfig, LlamaForCausalLM

    model = LlamaForCausalLM(llama_config(shape))
    missing, unexpected = model.load_state_dict(as_llama(weights, shape), strict=False)
    if unexpected or set(missing) - {"lm_head.weight"}:
        raise ValueError(f"the weights do not fit: {missing} are missing, {unexpected} are too many")
    model.tie_weights()
    model = model.to(torch.bfloat16)
    model.generation_config = GenerationConfig(
        do_sample=False, eos_token_id=0, pad_token_id=0, max_new_tokens=256
    )
    model.save_pretrained(folder)


def write_card(folder: Path, told: dict[str, object]) -> None:
    """The figures beside the models, for the card and for whoever asks."""
    (folder / "figures.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
