"""The weights as llama.cpp wants them."""

from __future__ import annotations

import torch

from chatbt.dsde.bench.llama import interleaved


def test_components_that_turn_together_stand_side_by_side() -> None:
    rows = torch.arange(8)[:, None]  # two heads of four: 0 turns with 2, 1 with 3
    assert interleaved(rows, 2).flatten().tolist() == [0, 2, 1, 3, 4, 6, 5, 7]
