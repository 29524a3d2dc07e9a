"""A draft that is of no use."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file

from chatbt.dsde import Engine, SamplingParams
from chatbt.dsde.bench.low import spoil
from tests.dsde.tiny import Pair


def test_a_spoilt_draft_has_the_same_weights_in_another_order(pair: Pair, tmp_path: Path) -> None:
    spoil(pair.draft, tmp_path, 1)
    before, after = (load_file(folder / "model.safetensors") for folder in (pair.draft, tmp_path))
    name = "model.layers.0.mlp.up_proj.weight"
    assert not torch.equal(before[name], after[name])
    assert torch.equal(before[name].sort(0).values, after[name].sort(0).values)


def test_a_spoilt_draft_is_seldom_right(pair: Pair, tmp_path: Path) -> None:
    spoil(pair.draft, tmp_path, 1)
    params = SamplingParams(max_tokens=40, ignore_eos=True)
    rates = [
        Engine.from_pretrained(pair.target, draft, policy="fixed", longest=2, ngram=False, slots=1)
        .generate(["def add("], params)[0]
        .stats.acceptance
        for draft in (pair.draft, tmp_path)
    ]
    assert rates[1] < rates[0] / 2
