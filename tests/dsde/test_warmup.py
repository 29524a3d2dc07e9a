"""The warm-up: the clock has figures before the first request, and nothing else is left of it."""

from __future__ import annotations

import pytest
import torch

from chatbt.dsde import Engine, LoadError, SamplingParams
from chatbt.dsde.models.model import Model
from tests.dsde.tiny import Pair


def test_costs_are_known_before_the_first_request(pair: Pair) -> None:
    costs = Engine.from_pretrained(pair.target, pair.draft, longest=4, slots=2)._scheduler.decoder.costs
    assert {(1, width) for width in range(1, 10)} <= costs.verify.keys()
    assert costs.draft.keys() == costs.host.keys() == {1}


def test_without_it_no_cost_is_known(pair: Pair) -> None:
    costs = Engine.from_pretrained(pair.target, pair.draft, slots=2, warm_up=False)._scheduler.decoder.costs
    assert not costs.verify


def test_a_context_too_short_for_it_is_served_nevertheless(pair: Pair) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft, slots=1, context=8)
    (result,) = engine.generate([[5, 6, 7]], SamplingParams(max_tokens=9, ignore_eos=True))
    assert result.stats.tokens == 5


def test_no_row_is_live_after_it_and_none_holds_a_token(pair: Pair) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft, slots=2)
    decoder = engine._scheduler.decoder
    assert engine.idle
    assert not decoder.sequences
    assert not decoder.target.cache.lengths.any()
    assert not decoder.signals.seen.any()


def test_memory_that_runs_out_is_told_with_what_helps(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    def forward(*args: object, **settings: object) -> torch.Tensor:
        raise torch.OutOfMemoryError("no memory")

    monkeypatch.setattr(Model, "forward", forward)
    with pytest.raises(LoadError, match="fewer slots or a smaller context"):
        Engine.from_pretrained(pair.target, pair.draft, slots=2)
