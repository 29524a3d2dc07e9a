"""What a round may cost, what may go wrong in it, and that it harms nobody else."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from chatbt.dsde import Engine, SamplingParams
from chatbt.dsde.decoder import PATIENCE
from chatbt.dsde.policies import policies
from tests.dsde.decoding import (
    Padded,
    at_random,
    decoder_of,
    ended,
    force,
    model_drafter,
    prompts,
    run,
    same,
    steps,
    tokens,
)
from tests.dsde.tiny import Pair, Tiny

GREEDY = SamplingParams(max_tokens=16, ignore_eos=True)
ASKED = prompts(6, seed=1)
POISON = 299


@pytest.fixture(scope="module")
def expected(pair: Pair) -> list[tuple[int, ...]]:
    """Plain answers to `ASKED`."""
    return tokens(Engine.from_pretrained(pair.target, ngram=False).generate(ASKED, GREEDY))


def pad(engine: Engine) -> Engine:
    """Let every runner of the engine compute as with CUDA graphs."""
    Padded(decoder_of(engine).target)
    Padded(model_drafter(engine).runner)
    return engine


@pytest.mark.parametrize("kind", ["llama", "qwen3_5_text"])
def test_rows_that_fill_up_a_batch_disturb_neither_prompts_nor_answers(tiny: Tiny, kind: str) -> None:
    pair = tiny.pair(kind)
    long = [[*range(1, 280)] * 2, *prompts(5, seed=8)]
    params = SamplingParams(max_tokens=12, ignore_eos=True)
    expected = tokens(
        Engine.from_pretrained(pair.target, ngram=False, context=480).generate([long[0][:460], *long[1:]], params)
    )
    engine = pad(force(Engine.from_pretrained(pair.target, pair.draft, context=480, slots=8), at_random(1)))
    first = [engine.submit(prompt, params) for prompt in long[1:4]]
    seen = {event.id: [event] for event in steps(engine, 3)}
    # Its prompt is read in two pieces, in a row that the batch of three computes too.
    last = [engine.submit(prompt, params) for prompt in (long[0][:460], *long[4:])]
    for request, events in run(engine).items():
        seen.setdefault(request, []).extend(events)
    order = [last[0], *first, *last[1:]]
    answers = [ended(seen[request]).token_ids for request in order]
    assert same(pair.target, [long[0][:460], *long[1:]], expected, answers)


@pytest.mark.parametrize("longest", [3, 8, 20])
def test_padded_rounds_stay_within_a_full_context(pair: Pair, longest: int) -> None:
    asked = [[5, 6, 7] * 20, [9], [11, 12, 13, 14] * 10]
    params = SamplingParams(max_tokens=1000, ignore_eos=True)
    expected = Engine.from_pretrained(pair.target, ngram=False, context=64).generate(asked, params)
    engine = Engine.from_pretrained(pair.target, pair.target, context=64, longest=longest)
    pad(force(engine, lambda longest: longest))
    assert same(pair.target, asked, tokens(expected), tokens(engine.generate(asked, params)))


class Readings(TorchDispatchMode):
    """Counts what would wait for a device: values that are read one by one, and shapes that hang on values."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.seen: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func.name()
        if name.startswith(("aten::_local_scalar_dense", "aten::is_nonzero", "aten::nonzero", "aten::masked_select")):
            self.seen.append(name)
        return func(*args, **(kwargs or {}))


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Notes every reading of a tensor by the host."""
    seen = []
    original = Tensor.tolist

    def tolist(self: Tensor) -> Any:
        seen.append("tolist")
        return original(self)

    with monkeypatch.context() as patch, Readings() as mode:
        patch.setattr(Tensor, "tolist", tolist)
        yield seen
    seen += mode.seen


@pytest.mark.parametrize("policy", list(policies()))
@pytest.mark.parametrize(
    "params",
    [SamplingParams(ignore_eos=True), SamplingParams(temperature=0.9, repetition_penalty=1.1, ignore_eos=True)],
    ids=["greedy", "sampled"],
)
def test_a_round_is_read_by_the_host_once(
    pair: Pair, policy: str, params: SamplingParams, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = pad(Engine.from_pretrained(pair.target, pair.draft, policy=policy))
    for prompt in ASKED[1:4]:
        engine.submit(prompt, params)
    steps(engine, 4)
    decoder = decoder_of(engine)
    assert len(decoder.sequences) == 3
    # The checks of the double that stands in for graphs read too.
    for runner in (decoder.target, model_drafter(engine).runner):
        runner.run = _unchecked(runner)  # type: ignore[method-assign]
    with torch.inference_mode(), counted(monkeypatch) as seen:
        decoder.round()
    assert seen == ["tolist"]


def _unchecked(runner: Any) -> Any:
    def forward(given: Tensor, *, offset: int, needed: int, logits: str = "all") -> Tensor:
        rows, span = slice(0, given.shape[0]), runner.span(needed)
        result: Tensor = runner.model.forward(given, runner.cache, rows, offset=offset, span=span, logits=logits)
        return result

    return forward


def poison(engine: Engine) -> Engine:
    """Let the target's numbers overflow wherever it reads `POISON`."""
    decoder_of(engine).target.model.embedding.data[POISON] = torch.nan
    return engine


@pytest.mark.parametrize(
    "params",
    [GREEDY, SamplingParams(max_tokens=16, temperature=1.0, seed=3, ignore_eos=True)],
    ids=["greedy", "seeded"],
)
def test_numbers_that_overflow_end_their_own_request_alone(pair: Pair, params: SamplingParams) -> None:
    clean = [prompt for prompt in ASKED if POISON not in prompt]
    sound = tokens(Engine.from_pretrained(pair.target, ngram=False).generate(clean, params))
    assert not any(POISON in answer for answer in sound)
    engine = poison(force(Engine.from_pretrained(pair.target, pair.draft), at_random(6)))
    results = engine.generate([*clean[:2], [5, POISON, 6], *clean[2:]], params)
    broken = results.pop(2)
    assert (broken.finish, broken.token_ids, broken.text) == ("error", (), "")
    assert broken.error is not None
    assert "overflowed" in broken.error
    assert same(pair.target, clean, sound, tokens(results))


def test_a_slot_in_which_numbers_overflowed_is_clean_for_the_next(pair: Pair, expected: list[tuple[int, ...]]) -> None:
    engine = poison(Engine.from_pretrained(pair.target, pair.draft, slots=1))
    results = engine.generate([[*range(1, 60), POISON, 5], *ASKED], GREEDY)
    assert [result.finish for result in results] == ["error"] + ["length"] * len(ASKED)
    assert same(pair.target, ASKED, expected, tokens(results[1:]))


def test_no_beginning_is_kept_of_a_prompt_whose_numbers_overflowed(pair: Pair) -> None:
    engine = Engine.from_pretrained(pair.target, ngram=False)
    prompt = [*range(1, 40)]
    (sound,) = engine.generate([prompt], GREEDY)
    embedding = decoder_of(engine).target.model.embedding.data
    kept = embedding[30].clone()
    embedding[30] = torch.nan
    other = [99, *range(2, 40)]
    assert engine.generate([other], GREEDY)[0].finish == "error"
    embedding[30] = kept
    again, once_more = (engine.generate([each], GREEDY)[0] for each in (other, prompt))
    assert (again.finish, again.stats.cached_tokens) == ("length", 0)
    assert once_more.token_ids == sound.token_ids


def test_numbers_that_overflow_in_a_refused_draft_harm_nobody(pair: Pair, expected: list[tuple[int, ...]]) -> None:
    """A NaN behind the text is masked, yet spoils the product that it has a part in."""
    engine = poison(force(Engine.from_pretrained(pair.target, pair.draft, ngram=False), at_random(3)))
    drafter = model_drafter(engine)
    propose = drafter.propose

    def bad(rows: Any, limits: list[int]) -> Any:
        draft = propose(rows, limits)
        if draft.tokens.shape[1] > 2:
            draft.tokens[:, 2] = POISON
        return draft

    drafter.propose = bad  # type: ignore[method-assign]
    assert not any(POISON in answer for answer in expected)
    results = engine.generate(ASKED, GREEDY)
    assert {result.finish for result in results} == {"length"}
    assert same(pair.target, ASKED, expected, tokens(results))


@pytest.mark.parametrize("policy", ["fixed", "dsde", "adaedl"])
def test_a_draft_whose_numbers_overflow_changes_no_answer(
    pair: Pair, expected: list[tuple[int, ...]], policy: str
) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft, policy=policy)
    model_drafter(engine).runner.model.embedding.data[:] = torch.nan
    results = engine.generate(ASKED, GREEDY)
    assert same(pair.target, ASKED, expected, tokens(results))
    assert all(math.isfinite(value) for result in results for value in result.stats.divergences)


@pytest.mark.parametrize("place", ["propose", "read", "accepted", "run"])
def test_a_draft_that_throws_changes_no_answer_and_is_told_once(
    pair: Pair, expected: list[tuple[int, ...]], place: str, caplog: pytest.LogCaptureFixture
) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft, policy="fixed", ngram=False)
    calls = []

    def thrown(*_: Any, **__: Any) -> Any:
        calls.append(place)
        raise RuntimeError("no draft today")

    drafter = model_drafter(engine)
    setattr(drafter.runner if place == "run" else drafter, place, thrown)
    with caplog.at_level(logging.WARNING, "chatbt.dsde"):
        results = engine.generate(ASKED, GREEDY)
    assert same(pair.target, ASKED, expected, tokens(results))
    assert len(calls) == PATIENCE
    told, off = caplog.records
    assert told.name == "chatbt.dsde"
    assert told.exc_info is not None
    assert "switched off" in off.getMessage()


def test_a_draft_that_throws_now_and_then_goes_on(
    pair: Pair, expected: list[tuple[int, ...]], caplog: pytest.LogCaptureFixture
) -> None:
    engine = force(Engine.from_pretrained(pair.target, pair.draft, ngram=False), lambda longest: longest)
    runner = model_drafter(engine).runner
    whole, calls = runner.run, iter(range(10**6))

    def faulty(*given: Any, **settings: Any) -> Any:
        if next(calls) % 25 == 24:
            raise torch.OutOfMemoryError("not now")
        return whole(*given, **settings)

    runner.run = faulty  # type: ignore[method-assign]
    with caplog.at_level(logging.CRITICAL, "chatbt.dsde"):
        results = engine.generate(ASKED, GREEDY)
    assert same(pair.target, ASKED, expected, tokens(results))
    assert {result.finish for result in results} == {"length"}
    assert sum(result.stats.accepted for result in results) > 0
    assert decoder_of(engine).failures < PATIENCE


def test_a_text_that_is_drafted_anew_after_a_failure_is_drafted_as_well(
    pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    engine = force(Engine.from_pretrained(pair.target, pair.target, ngram=False), lambda longest: longest)
    drafter = model_drafter(engine)
    whole, calls = drafter.accepted, iter(range(10**6))

    def faulty(*given: Any) -> None:
        whole(*given)
        if next(calls) == 1:
            raise RuntimeError("once")

    drafter.accepted = faulty  # type: ignore[method-assign, assignment]
    with caplog.at_level(logging.CRITICAL, "chatbt.dsde"):
        (result,) = engine.generate([ASKED[2]], SamplingParams(max_tokens=50, ignore_eos=True))
    assert result.stats.accepted == result.stats.drafted > 30


def test_the_coldest_temperature_is_greedy(pair: Pair, expected: list[tuple[int, ...]]) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft)
    params = SamplingParams(max_tokens=16, ignore_eos=True, temperature=1e-40)
    assert same(pair.target, ASKED, expected, tokens(engine.generate(ASKED, params)))


def test_the_first_two_tokens_are_distributed_as_the_target_says(tiny: Tiny) -> None:
    """Drafts, copies and lengths at random, beside seeded and greedy rows; against the product of two softmaxes."""
    pair = tiny.pair("llama", noise=0.05)
    params = SamplingParams(max_tokens=3, temperature=0.7, top_k=6, ignore_eos=True)
    prompt = [5, 6, 7, 8, 5, 6, 7, 8, 5, 6]
    joint = _joint(Engine.from_pretrained(pair.target, ngram=False), prompt, params)
    engine = force(Engine.from_pretrained(pair.target, pair.draft, longest=2), at_random(8))
    counts = dict.fromkeys(joint, 0)
    rounds, rows = 25, 16
    for _ in range(rounds):
        for result in engine.generate([prompt] * rows, params):
            first, second, _third = result.token_ids
            counts[first, second] += 1  # a KeyError: a token that the target never chooses
    total = rounds * rows
    assert model_drafter(engine).runner.cache.lengths.max() > 0
    # Cells that are expected fewer than five times are taken together.
    wanted = {pair: chance * total for pair, chance in joint.items()}
    cells = [(wanted[pair], counts[pair]) for pair in joint if wanted[pair] >= 5]
    rest = [(wanted[pair], counts[pair]) for pair in joint if wanted[pair] < 5]
    cells.append((sum(each for each, _ in rest), sum(each for _, each in rest)))
    statistic = sum((got - want) ** 2 / want for want, got in cells if want)
    freedom = torch.tensor(len(cells) - 1.0)
    chance = 1 - torch.special.gammainc(freedom / 2, torch.tensor(statistic / 2))
    assert float(chance) > 1e-4


def _joint(engine: Engine, prompt: list[int], params: SamplingParams) -> dict[tuple[int, int], float]:
    from tests.dsde.tiny import reference

    folder = engine.tokenizer.name_or_path

    def softmax(text: list[int]) -> dict[int, float]:
        values, tokens = (reference(folder, [text])[0, -1] / params.temperature).topk(params.top_k)
        return dict(zip(tokens.tolist(), torch.softmax(values, -1).tolist(), strict=True))

    return {
        (first, second): chance * also
        for first, chance in softmax(prompt).items()
        for second, also in softmax([*prompt, first]).items()
    }
