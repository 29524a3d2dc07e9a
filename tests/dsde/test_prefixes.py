"""What is kept of prompts, and what of it serves another."""

from __future__ import annotations

import pytest
import torch

from chatbt.dsde.models.model import Model
from chatbt.dsde.prefixes import SHORTEST, Prefixes
from chatbt.dsde.runner import Runner
from tests.dsde.tiny import Tiny

TEXT = list(range(1, 41))


def made(tiny: Tiny, kind: str = "llama", capacity: int = 2) -> tuple[Runner, Prefixes]:
    """A runner with its kept prompts."""
    runner = Runner(Model.load(tiny.model(kind), torch.device("cpu"), torch.float32), 2, 64, 8)
    return runner, Prefixes(runner.cache, capacity)


@torch.inference_mode()
def store(runner: Runner, prefixes: Prefixes, tokens: list[int]) -> None:
    """Read `tokens` into row 0 and keep them."""
    runner.cache.clear(0)
    runner.read(tokens, 0, 0)
    prefixes.store(tokens, 0)


@torch.inference_mode()
def after(runner: Runner, row: int, token: int) -> torch.Tensor:
    """Logits of `row` after one more token."""
    lengths = int(runner.cache.lengths.max())
    return runner.run(torch.full((2, 1), token), offset=0, needed=lengths + 1)[row, 0]


@pytest.mark.parametrize("kind", ["llama", "qwen3_5_text"])
def test_a_restored_prompt_goes_on_as_one_that_was_read(tiny: Tiny, kind: str) -> None:
    runner, prefixes = made(tiny, kind)
    store(runner, prefixes, TEXT)
    runner.cache.clear(1)
    with torch.inference_mode():
        assert prefixes.restore([*TEXT, 99], 1) == len(TEXT)
    assert torch.equal(after(runner, 0, 50), after(runner, 1, 50))


def test_the_longest_known_beginning_is_restored(tiny: Tiny) -> None:
    runner, prefixes = made(tiny)
    store(runner, prefixes, TEXT[:20])
    store(runner, prefixes, TEXT[:30])
    assert prefixes.restore([*TEXT[:35], 99], 1) == 30


def test_the_last_token_is_never_restored(tiny: Tiny) -> None:
    runner, prefixes = made(tiny)
    store(runner, prefixes, TEXT)
    assert prefixes.restore(TEXT, 1) == len(TEXT) - 1


def test_part_of_a_recurrent_state_is_not_restored(tiny: Tiny) -> None:
    runner, prefixes = made(tiny, "qwen3_5_text")
    store(runner, prefixes, TEXT)
    assert prefixes.restore(TEXT, 1) == 0


@pytest.mark.parametrize(("size", "restored"), [(SHORTEST - 1, 0), (SHORTEST, SHORTEST)])
def test_short_beginnings_are_read_anew(tiny: Tiny, size: int, restored: int) -> None:
    runner, prefixes = made(tiny)
    store(runner, prefixes, TEXT)
    assert prefixes.restore([*TEXT[:size], 99, 98], 1) == restored


def test_the_prompts_that_were_used_last_are_kept(tiny: Tiny) -> None:
    runner, prefixes = made(tiny)
    first, second, third = ([start, *range(100, 120)] for start in (1, 2, 3))
    store(runner, prefixes, first)
    store(runner, prefixes, second)
    prefixes.restore([*first, 9], 1)
    store(runner, prefixes, third)
    assert [prefixes.restore([*each, 9], 1) for each in (first, second, third)] == [21, 0, 21]


def test_a_capacity_of_0_keeps_nothing(tiny: Tiny) -> None:
    runner, prefixes = made(tiny, capacity=0)
    store(runner, prefixes, TEXT)
    assert not prefixes.forget()


def test_what_begins_alike_can_be_forgotten(tiny: Tiny) -> None:
    runner, prefixes = made(tiny)
    store(runner, prefixes, TEXT)
    store(runner, prefixes, [99, *TEXT])
    assert prefixes.forget([TEXT[0], 55])
    assert [prefixes.restore([*each, 9], 1) for each in (TEXT, [99, *TEXT])] == [0, 41]
