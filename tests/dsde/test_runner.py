"""Recorded steps: few shapes, all of them known before the first request, and the same answers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from chatbt.dsde import Engine, SamplingParams
from chatbt.dsde.decoder import Decoder
from chatbt.dsde.drafters.combined import CombinedDrafter
from tests.dsde.recording import Unsynced, recorded
from tests.dsde.tiny import Pair, Tiny

SLOTS = 3
SETTINGS: dict[str, Any] = {"slots": SLOTS, "longest": 4, "context": 400}


@pytest.fixture
def recording(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Engines made now record their steps."""
    with monkeypatch.context() as patched:
        patched.setattr("chatbt.dsde.runner.graphs_on", recorded)
        yield


def decoder(engine: Engine) -> Decoder:
    return engine._scheduler.decoder


def captures(engine: Engine) -> int:
    """Steps that were recorded for target and draft."""
    drafter = decoder(engine).drafter
    assert isinstance(drafter, CombinedDrafter)
    runners = [decoder(engine).target, drafter.model.runner]
    return sum(runner.recorded.captures for runner in runners if runner.recorded is not None)


def traffic(seed: int, count: int, *, sampled: bool = False) -> list[tuple[list[int], SamplingParams]]:
    """Prompts of random tokens, some of which repeat themselves, with answers of random length."""
    chance = random.Random(seed)
    asked = []
    for _ in range(count):
        tokens = chance.choices(range(1, 300), k=chance.choice([1, 2, 5, 40, 300]))
        tokens = (tokens * 3)[:380] if chance.random() < 0.4 else tokens
        params = SamplingParams(
            max_tokens=chance.randint(1, 20),
            ignore_eos=True,
            temperature=0.9 if sampled and chance.random() < 0.5 else 0.0,
            seed=chance.randrange(1000),
            repetition_penalty=1.2 if sampled and chance.random() < 0.3 else 1.0,
        )
        asked.append((tokens, params))
    return asked


def answers(engine: Engine, asked: list[tuple[list[int], SamplingParams]]) -> list[tuple[int, ...]]:
    results = engine.generate([tokens for tokens, _ in asked], [params for _, params in asked])
    assert not [result.error for result in results if result.error]
    return [result.token_ids for result in results]


def plain(pair: Pair) -> Engine:
    return Engine.from_pretrained(pair.target, ngram=False, warm_up=False, **SETTINGS)


def test_nothing_is_recorded_after_the_warm_up(pair: Pair, recording: None) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft, **SETTINGS)
    known = captures(engine)
    answers(engine, traffic(1, 7, sampled=True))
    assert captures(engine) == known


def test_the_number_of_recorded_steps_is_that_of_the_shapes(pair: Pair, recording: None) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft, **SETTINGS)
    batches, spans = 3, 1  # of 1, 2 and 3 rows; of the whole context
    widths = 9  # of copies of up to 8 tokens
    places = 4
    catching_up = 1
    assert captures(engine) == batches * spans * (widths + places + catching_up)


def test_long_contexts_are_looked_at_in_sizes_that_double(pair: Pair, recording: None, tiny: Tiny) -> None:
    folder = tiny.model(max_position_embeddings=3000)
    target = decoder(Engine.from_pretrained(folder, warm_up=False, slots=6, context=3000)).target
    assert list(target.spans()) == [512, 1024, 2048, 3072]
    short = decoder(Engine.from_pretrained(folder, warm_up=False, slots=1, context=2048)).target
    assert list(short.spans()) == [512, 1024, 2112]
    assert target.batches() == [1, 2, 4, 6]
    assert [target.span(needed) for needed in (1, 512, 513, 2049, 3072)] == [512, 512, 1024, 3072, 3072]
    assert [target.width(tokens) for tokens in (1, 9, 10, 16, 17)] == [1, 9, 16, 16, 24]


@pytest.mark.parametrize("policy", ["dsde", "adaedl", "fixed"])
def test_recorded_steps_give_the_answers_of_plain_decoding(pair: Pair, recording: None, policy: str) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft, policy=policy, warm_up=False, **SETTINGS)
    asked = traffic(2, 4)
    assert answers(engine, asked) == answers(plain(pair), asked)


def test_recorded_steps_give_the_same_samples(pair: Pair, recording: None) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft, warm_up=False, **SETTINGS)
    asked = traffic(3, 6, sampled=True)
    assert answers(engine, asked) == answers(plain(pair), asked)


def test_recorded_recurrent_layers_give_the_answers_of_plain_decoding(tiny: Tiny, recording: None) -> None:
    pair = tiny.pair("qwen3_5_text")
    engine = Engine.from_pretrained(pair.target, pair.draft, warm_up=False, **SETTINGS)
    asked = traffic(4, 3)
    assert answers(engine, asked) == answers(plain(pair), asked)


def test_a_round_looks_at_nothing_before_its_one_copy(pair: Pair, recording: None) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft, **SETTINGS)
    for tokens, _ in traffic(5, SLOTS):
        engine.submit(tokens[:100] + [7, 8, 9] * 4, SamplingParams(max_tokens=100, ignore_eos=True))
    for _ in range(SLOTS):
        engine.step()
    own = decoder(engine)
    assert len(own.sequences) == SLOTS
    own.policy.adapter._host = False  # type: ignore[attr-defined]  # on a GPU it is
    with Unsynced():  # type: ignore[no-untyped-call]
        for _ in range(5):
            engine.step()
    assert len(own.sequences) == SLOTS


def test_recorded_steps_draft_the_same(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = traffic(6, 4, sampled=True)
    accepted = []
    for recording in (False, True):
        if recording:
            monkeypatch.setattr("chatbt.dsde.runner.graphs_on", recorded)
        engine = Engine.from_pretrained(pair.target, pair.draft, policy="fixed", ngram=False, warm_up=False, **SETTINGS)
        results = engine.generate([tokens for tokens, _ in asked], [params for _, params in asked])
        accepted.append([(result.stats.drafted_at, result.stats.accepted_at) for result in results])
    assert accepted[0] == accepted[1]
