"""Where drafts are seldom right: the engine must not be slower than without them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from chatbt.dsde.bench.engines import MODEL, PLAIN, Pair, fixed
from chatbt.dsde.bench.figures import ratio
from chatbt.dsde.bench.measuring import measure
from chatbt.dsde.bench.options import Options
from chatbt.dsde.bench.prompts import Prompt
from chatbt.dsde.bench.runners import Runner

POLICIES = ("dsde", "dsde-paper", "adaedl", "goodput")


def low(options: Options, pair: Pair, prompts: Sequence[Prompt], strange: Sequence[Prompt]) -> dict[str, Any]:
    """Seconds and ratios to plain decoding, by kind of trouble. `strange` are the prompts of random identifiers."""
    if pair.draft is None:
        return {}
    with TemporaryDirectory() as folder:
        spoilt = Path(folder)
        spoil(pair.draft, spoilt, options.seed)
        mismatched = replace(pair, draft=spoilt)
        return {
            "a mismatched draft": _table(options, mismatched, prompts, 0.0),
            "temperature 1": _table(options, pair, prompts, 1.0),
            "random identifiers": _table(options, pair, strange, 0.0),
        }


def _table(options: Options, pair: Pair, prompts: Sequence[Prompt], temperature: float) -> dict[str, Any]:
    chosen = [policy for policy in POLICIES if not options.policies or policy in options.policies]
    runners: list[Runner] = [pair.plain(), *pair.both("fixed", 4, fixed(4))]
    for policy in chosen:
        runners += pair.both(policy)
    jobs = [(Prompt("all", prompt.tokens),) for prompt in prompts]
    rows = measure(
        runners,
        jobs,
        rounds=options.rounds,
        longest=options.tokens,
        temperature=temperature,
        clock=options.clock,
    )["all"]
    return {
        "runners": {name: row.as_dict() for name, row in rows.items()},
        "ratios": {
            f"{name} / {PLAIN}": ratio(rows[PLAIN].seconds, row.seconds) for name, row in rows.items() if name != PLAIN
        },
        "in rounds": {
            f"dsde{kind} / {PLAIN}": ratio(rows[PLAIN].rounds, rows[f"dsde{kind}"].rounds)
            for kind in ("", MODEL)
            if f"dsde{kind}" in rows
        },
    }


def spoil(draft: Path, folder: Path, seed: int) -> None:
    """Write the draft with the rows of its matrices in another order: right in size, wrong in what it says."""
    from safetensors.torch import load_file, save_file

    shutil.copytree(draft, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.safetensors", "*.index.json"))
    generator = torch.Generator().manual_seed(seed)
    weights = {}
    for file in sorted(draft.glob("*.safetensors")):
        weights.update(load_file(file))
    for name, weight in weights.items():
        if weight.dim() > 1 and "embed" not in name and "lm_head" not in name:
            weights[name] = weight[torch.randperm(len(weight), generator=generator)].contiguous()
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def sizes(folder: Path) -> dict[str, Any]:
    """The shape of a model, for the head of a report."""
    config = json.loads((folder / "config.json").read_bytes())
    wanted = (
        "model_type",
        "hidden_size",
        "num_hidden_layers",
        "intermediate_size",
        "num_attention_heads",
        "vocab_size",
    )
    return {name: config.get(name) for name in wanted}
