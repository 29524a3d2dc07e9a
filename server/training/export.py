"""Writes a trained model as transformers loads it, and the card of the pair."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training import tokenizer
from training.model import Shape, as_llama, llama_config
from training.train import load_average

MEBIBYTE = 2**20
LARGEST = 32 * MEBIBYTE
"""What the pair may weigh."""


def export(checkpoint: Path, tokens: Path, folder: Path) -> dict[str, Any]:
    """Write the averaged weights of a checkpoint in bfloat16, with the tokenizer; what is told of the run."""
    weights, shape, told = load_average(checkpoint)
    write_model(weights, shape, folder)
    tokenizer.dressed(tokenizer.load(tokens)).save_pretrained(folder)
    parameters = sum(one.numel() for one in weights.values())
    return {"parameters": parameters, "shape": asdict(shape), **told}


def write_model(weights: Mapping[str, Tensor], shape: Shape, folder: Path) -> None:
    """config.json, generation_config.json and model.safetensors, as LlamaForCausalLM saves them."""
    from transformers import GenerationConfig, LlamaForCausalLM

    model: Any = LlamaForCausalLM(llama_config(shape))
    missing, unexpected = model.load_state_dict(as_llama(weights, shape), strict=False)
    if unexpected or set(missing) - {"lm_head.weight"}:
        raise ValueError(f"the weights do not fit: {missing} are missing, {unexpected} are too many")
    model.tie_weights()
    settings: Any = GenerationConfig
    model.generation_config = settings(do_sample=False, eos_token_id=0, pad_token_id=0, max_new_tokens=256)
    # Rounded so that half precision holds each weight too: then a CPU may use it packed, without a bit lost.
    model.to(torch.bfloat16).to(torch.float16).to(torch.bfloat16).save_pretrained(folder)


def write_card(folder: Path, told: Mapping[str, Mapping[str, Any]], figures: str, data: Mapping[str, int]) -> None:
    """The card of a pair whose models are in `folder`; ValueError if they weigh too much."""
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    if size > LARGEST:
        raise ValueError(f"the pair weighs {size / MEBIBYTE:.1f} MiB, of at most {LARGEST / MEBIBYTE:.0f}")
    rows = "\n".join(
        f"| {which} | {one['parameters']:,} | {one['shape']['hidden']} | {one['shape']['layers']} |"
        f" {one['shape']['mlp']} | {one['step']:,} | {one['seen']:,} |"
        for which, one in told.items()
    )
    card = _CARD.format(rows=rows, figures=figures.strip(), size=size / MEBIBYTE, **data)
    (folder / "README.md").write_text(card, encoding="utf-8")
    (folder / "training.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


_CARD = """\
---
license: apache-2.0
language: en
library_name: transformers
pipeline_tag: text-generation
---

# ChatBT's bundled pair

Two small language models with one tokenizer, a target and a draft for speculative decoding, that say in a few
sentences what a finding of ChatBT's patterns means for the code at hand. They run on a CPU, offline, where there is
no better model.

| | parameters | hidden | layers | MLP | steps | tokens |
|---|---|---|---|---|---|---|
{rows}

Llama architecture, tied embeddings, bfloat16, byte-level BPE of 4096 tokens with single digits; {size:.1f} MiB
together.

## What they were trained on

Everything was made by the project itself, on a CPU: no other model's output, nothing from the web.

- {instances:,} instances of ChatBT's patterns, found by its own detectors in the standard library of CPython 3.11 and
  in code made anew of the patterns' examples and test cases, with other names, literals and surroundings.
- Explanations composed of sentences written by hand for each pattern, in varied wording and order, with the names of
  the instance; answers from the patterns' pages; code after ChatBT's own fixes, as its checks let it through.
- Functions of CPython's standard library (PSF License Agreement), for training only.

In all {tokens:,} tokens, of which the models say {said:,}. The first weights are not random: a head that looks one
place back and heads that look for what followed the same token before are there from the start, so that names can be
copied. The draft learned from the target's distribution.

## The prompt

The chat template writes `<|user|>`, `<|assistant|>` and `<|end|>`. A prompt is the pattern with its title, the line
and the function; the finding's message; `at:` with the line; `fix:` and `so:` with the fix that ChatBT offers, if
there is one; the code, at most 20 lines; and as the last line `explain`, `rewrite`, or a question.

## What was measured

On held-out instances, greedy, judged by program: whether an explanation names only what stands in its prompt or on
the pattern's page, whether its sentences are those of the right pattern, and whether each word of it was written for
that pattern, with this instance's names. Held out are files of the library, mutations, and words for names; the
patterns, and the shapes of the examples that were mutated, are those of training.

```
{figures}
```

## Limits

The models know ChatBT's patterns and nothing else. They know the reasons that were written for each pattern, and
choose among them; they do not reason about code, and they do not find what the detectors have not found. What they
say of a finding may not be the most fitting reason for this very code. Rewrites and completions are guesses: ChatBT
shows a generated edit only after its checks. They were trained on rows of 512 tokens and understand English only.
"""
