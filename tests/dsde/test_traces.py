"""A traced forward pass is the forward pass, to the last bit, whatever the shape."""

from __future__ import annotations

import sys
from typing import Literal

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from chatbt.dsde.models.model import Model
from chatbt.dsde.traces import traced
from tests.dsde.tiny import VOCAB, Tiny

SLOTS, SPAN, TRAIL = 5, 128, 8
LOGITS: tuple[Literal["all"], Literal["last"]] = ("all", "last")
KINDS = ("llama", "qwen2-sliding", "qwen3", "smollm3")


@pytest.mark.parametrize("kind", KINDS)
def test_every_shape_gives_the_same_bits(tiny: Tiny, kind: str) -> None:
    model = Model.load(tiny.model(kind), torch.device("cpu"), torch.float32)
    cache = model.cache(SLOTS, SPAN, TRAIL)
    state = cache.state
    assert state is not None

    @settings(deadline=None, max_examples=25)
    @given(st.integers(1, SLOTS), st.integers(1, 7), st.sampled_from((64, 128)), st.integers(0, 2**31))
    def checked(batch: int, width: int, span: int, seed: int) -> None:
        generator = torch.Generator().manual_seed(seed)
        cache.lengths.copy_(torch.randint(0, span - width + 1, (SLOTS,), generator=generator))
        tokens = torch.randint(0, VOCAB, (batch, width), generator=generator)
        kept = [each.clone() for each in state[1:]]
        for logits, function in functions.items():
            plain = model.forward(tokens, cache, slice(0, batch), offset=0, span=span, logits=logits)
            assert function(tokens, model.turns[:span], cache.lengths, *kept).equal(plain)
            assert all(one.equal(other) for one, other in zip(kept, state[1:], strict=True))

    with torch.inference_mode():
        made = {logits: model.traced(cache, logits) for logits in LOGITS}
        functions = {logits: function for logits, function in made.items() if function is not None}
        assert len(functions) == 2
        checked()


def test_recurrent_layers_are_not_traced(tiny: Tiny) -> None:
    model = Model.load(tiny.model("qwen3_5_text"), torch.device("cpu"), torch.float32)
    assert model.traced(model.cache(SLOTS, SPAN, TRAIL), "all") is None


def test_tracing_writes_into_no_slot(tiny: Tiny) -> None:
    model = Model.load(tiny.model("llama"), torch.device("cpu"), torch.float32)
    cache = model.cache(SLOTS, SPAN, TRAIL)
    model.traced(cache, "all")
    assert cache.state is not None and not any(each.any() for each in cache.state)


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="torch has no tracing there")
def test_a_function_that_cannot_be_traced_is_run_as_it_is() -> None:
    def function(x: Tensor) -> Tensor:
        raise RuntimeError("no")

    assert traced(function, [torch.zeros(1)]) is function
