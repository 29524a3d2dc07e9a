"""Requests in, the target's own answers out, whatever is drafted and whoever decodes beside."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
import torch

from chatbt.dsde import Engine, LoadError, RequestError, Result, SamplingParams
from chatbt.dsde.policies import policies
from tests.dsde.decoding import at_random, decoder_of, ended, force, prompts, run, same, sharp, steps, tokens
from tests.dsde.tiny import EOS, VOCAB, Pair, Tiny, hub

GREEDY = SamplingParams(max_tokens=24)
SEEDED = SamplingParams(max_tokens=16, temperature=0.9, seed=7)
ASKED = prompts(8)


@pytest.fixture(scope="module")
def plain(pair: Pair) -> Engine:
    """Decodes without drafts."""
    return Engine.from_pretrained(pair.target, ngram=False)


@pytest.fixture(scope="module")
def expected(plain: Engine) -> list[tuple[int, ...]]:
    """Plain greedy answers to `ASKED`, each decoded alone."""
    return [plain.generate([prompt], GREEDY)[0].token_ids for prompt in ASKED]


def test_plain_decoding_drafts_nothing(plain: Engine) -> None:
    (result,) = plain.generate([[5, 6, 7] * 8], GREEDY)
    assert result.stats.drafted == 0
    assert result.stats.rounds == result.stats.tokens == 24


def test_plain_greedy_is_what_transformers_generates(pair: Pair, expected: list[tuple[int, ...]]) -> None:
    model: Any = hub.AutoModelForCausalLM.from_pretrained(pair.target, dtype=torch.float32)
    theirs = []
    for prompt in ASKED:
        made = model.generate(
            torch.tensor([prompt]),
            attention_mask=torch.ones(1, len(prompt)),
            do_sample=False,
            max_new_tokens=24,
            pad_token_id=EOS,
        )
        answer = made[0, len(prompt) :].tolist()
        theirs.append(tuple(answer[: answer.index(EOS)] if EOS in answer else answer))
    assert same(pair.target, ASKED, theirs, expected)


@pytest.mark.parametrize("ngram", [False, True], ids=["model", "model-and-copies"])
@pytest.mark.parametrize("policy", list(policies()))
def test_greedy_with_any_policy_is_plain_greedy(
    tiny: Tiny, pair: Pair, expected: list[tuple[int, ...]], policy: str, ngram: bool
) -> None:
    sure = sharp(tiny, pair)
    engine = Engine.from_pretrained(sure.target, sure.draft, policy=policy, ngram=ngram)
    results = engine.generate(ASKED, GREEDY)
    assert same(pair.target, ASKED, expected, tokens(results))
    assert sum(result.stats.accepted for result in results) > 0


def test_greedy_with_copies_alone_is_plain_greedy(pair: Pair, expected: list[tuple[int, ...]]) -> None:
    results = Engine.from_pretrained(pair.target).generate(ASKED, GREEDY)
    assert same(pair.target, ASKED, expected, tokens(results))
    assert sum(result.stats.drafted for result in results) > 0


@pytest.mark.parametrize(
    ("name", "schedule"),
    [("none", lambda _: 0), ("all", lambda longest: longest), *((str(seed), at_random(seed)) for seed in range(4))],
)
def test_greedy_with_forced_lengths_is_plain_greedy(
    pair: Pair, expected: list[tuple[int, ...]], name: str, schedule: Callable[[int], int]
) -> None:
    engine = force(Engine.from_pretrained(pair.target, pair.draft, ngram=name in "13"), schedule)
    assert same(pair.target, ASKED, expected, tokens(engine.generate(ASKED, GREEDY)))


@pytest.mark.parametrize("longest", [1, 20])
def test_greedy_with_the_shortest_and_very_long_drafts_is_plain_greedy(
    pair: Pair, expected: list[tuple[int, ...]], longest: int
) -> None:
    engine = force(Engine.from_pretrained(pair.target, pair.draft, longest=longest), lambda longest: longest)
    assert same(pair.target, ASKED, expected, tokens(engine.generate(ASKED, GREEDY)))


@pytest.mark.parametrize("slots", [1, 2, 3, 5, 16])
def test_greedy_is_the_same_in_any_number_of_slots(pair: Pair, expected: list[tuple[int, ...]], slots: int) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft, policy="fixed", slots=slots)
    assert same(pair.target, ASKED, expected, tokens(engine.generate(ASKED, GREEDY)))


def test_sixteen_ragged_rows_are_decoded_as_each_alone(pair: Pair, plain: Engine) -> None:
    asked = prompts(16, seed=5)
    alone = [plain.generate([prompt], GREEDY)[0].token_ids for prompt in asked]
    engine = force(Engine.from_pretrained(pair.target, pair.draft), at_random(9))
    assert same(pair.target, asked, alone, tokens(engine.generate(asked, GREEDY)))


@pytest.mark.parametrize("seed", range(3))
def test_rows_that_join_and_leave_change_no_other_row(pair: Pair, plain: Engine, seed: int) -> None:
    chance = random.Random(seed)
    asked = prompts(10, seed=seed + 20)
    params = [SamplingParams(max_tokens=chance.randint(1, 20)) for _ in asked]
    engine = force(Engine.from_pretrained(pair.target, pair.draft, slots=4), at_random(seed))
    results: dict[int, Result] = {}
    ids: list[int] = []
    while len(ids) < len(asked) or not engine.idle:
        if len(ids) < len(asked) and chance.random() < 0.4:
            ids.append(engine.submit(asked[len(ids)], params[len(ids)]))
        results.update((event.id, event.result) for event in engine.step() if event.result is not None)
    answers = [results[request].token_ids for request in ids]
    alone = [plain.generate([prompt], own)[0].token_ids for prompt, own in zip(asked, params, strict=True)]
    assert same(pair.target, asked, alone, answers)


def test_an_end_token_in_the_middle_of_a_draft_ends_the_answer(pair: Pair, plain: Engine) -> None:
    (free,) = plain.generate([ASKED[2]], SamplingParams(max_tokens=24, ignore_eos=True))
    for place in range(1, 8):
        engine = force(Engine.from_pretrained(pair.target, pair.target, ngram=False), lambda longest: longest)
        end = free.token_ids[place]
        engine._ends = lambda end=end: frozenset({end})  # type: ignore[method-assign, misc]
        (result,) = engine.generate([ASKED[2]], GREEDY)
        assert result.token_ids == free.token_ids[: free.token_ids.index(end)]
        assert result.finish == "stop"


def test_an_ignored_end_token_is_a_token_like_others(tiny: Tiny) -> None:
    folder = tiny.model("llama", seed=0, eos_token_id=list(range(1, VOCAB)))
    engine = Engine.from_pretrained(folder, ngram=False)
    assert engine.generate([[5, 6]], SamplingParams(max_tokens=8))[0].finish == "stop"
    (result,) = engine.generate([[5, 6]], SamplingParams(max_tokens=8, ignore_eos=True))
    assert (len(result.token_ids), result.finish) == (8, "length")


@pytest.mark.parametrize("limit", [1, 2, 3, 8, 9, 10])
def test_an_answer_has_exactly_as_many_tokens_as_asked_for(pair: Pair, limit: int) -> None:
    engine = force(Engine.from_pretrained(pair.target, pair.target, ngram=False), lambda longest: longest)
    (result,) = engine.generate([ASKED[2]], SamplingParams(max_tokens=limit, ignore_eos=True))
    assert (len(result.token_ids), result.finish, result.stats.tokens) == (limit, "length", limit)


@pytest.mark.parametrize("longest", [3, 8, 20])
def test_an_answer_may_fill_the_context_to_its_last_token(pair: Pair, longest: int) -> None:
    asked = [[5, 6, 7] * 20, [9], [11, 12, 13, 14] * 10]
    params = SamplingParams(max_tokens=1000, ignore_eos=True)
    expected = Engine.from_pretrained(pair.target, ngram=False, context=64).generate(asked, params)
    engine = force(
        Engine.from_pretrained(pair.target, pair.target, context=64, longest=longest), lambda longest: longest
    )
    results = engine.generate(asked, params)
    assert [len(each) + len(prompt) for each, prompt in zip(tokens(results), asked, strict=True)] == [64, 64, 64]
    assert {result.finish for result in results} == {"length"}
    assert same(pair.target, asked, tokens(expected), tokens(results))


def test_a_prompt_that_leaves_room_for_one_token_gets_one(pair: Pair) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft, context=64)
    (result,) = engine.generate([[5] * 63], SamplingParams(max_tokens=9, ignore_eos=True))
    assert (len(result.token_ids), result.finish) == (1, "length")


def test_every_divergence_in_bfloat16_is_a_near_tie(pair: Pair) -> None:
    asked = prompts(8, seed=3)
    exact = Engine.from_pretrained(pair.target, ngram=False).generate(asked, GREEDY)
    engine = force(Engine.from_pretrained(pair.target, pair.draft, dtype="bfloat16"), at_random(1))
    assert same(pair.target, asked, tokens(exact), tokens(engine.generate(asked, GREEDY)), tie=0.25)


@pytest.mark.parametrize("policy", list(policies()))
def test_a_seeded_answer_is_the_same_alone_and_with_neighbours_and_by_any_policy(pair: Pair, policy: str) -> None:
    alone = Engine.from_pretrained(pair.target, ngram=False)
    expected = [alone.generate([prompt], SEEDED)[0].token_ids for prompt in ASKED]
    engine = Engine.from_pretrained(pair.target, pair.draft, policy=policy)
    assert tokens(engine.generate(ASKED, SEEDED)) == expected


def test_a_seeded_answer_is_the_same_beside_rows_that_are_chosen_otherwise(pair: Pair, plain: Engine) -> None:
    params = [
        SEEDED,
        GREEDY,
        SamplingParams(max_tokens=16, temperature=1.0),
        SamplingParams(max_tokens=16, temperature=0.8, top_k=20, top_p=0.9, min_p=0.02, seed=3),
        SamplingParams(max_tokens=16, repetition_penalty=1.3),
        SamplingParams(max_tokens=16, repetition_penalty=1.2, temperature=0.7, seed=9),
    ]
    alone = [plain.generate([prompt], own)[0].token_ids for prompt, own in zip(ASKED, params, strict=False)]
    engine = force(Engine.from_pretrained(pair.target, pair.draft), at_random(2))
    together = tokens(engine.generate(ASKED[: len(params)], params))
    del alone[2], together[2]
    assert together == alone


def test_different_seeds_give_different_answers(plain: Engine) -> None:
    params = [SamplingParams(max_tokens=16, temperature=1.0, seed=seed) for seed in range(4)]
    assert len(set(tokens(plain.generate([ASKED[2]] * 4, params)))) == 4


def test_answers_without_a_seed_differ(plain: Engine) -> None:
    assert len(set(tokens(plain.generate([ASKED[2]] * 4, SamplingParams(max_tokens=16, temperature=1.0))))) == 4


def test_a_repetition_penalty_with_drafts_is_as_without(pair: Pair, plain: Engine) -> None:
    params = SamplingParams(max_tokens=24, repetition_penalty=1.4)
    expected = [plain.generate([prompt], params)[0].token_ids for prompt in ASKED]
    assert expected != [plain.generate([prompt], GREEDY)[0].token_ids for prompt in ASKED]
    engine = force(Engine.from_pretrained(pair.target, pair.draft), at_random(3))
    results = engine.generate(ASKED, params)
    assert tokens(results) == expected
    assert sum(result.stats.accepted for result in results) > 0


def test_what_is_streamed_is_the_text(pair: Pair) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft)
    ids = [engine.submit(prompt, SamplingParams(max_tokens=40, stop=("e", "\t"))) for prompt in ASKED]
    seen = run(engine)
    for request in ids:
        assert "".join(event.text for event in seen[request]) == ended(seen[request]).text


def test_a_hybrid_pair_answers_as_its_target_alone(tiny: Tiny) -> None:
    pair = tiny.pair("qwen3_5_text")
    plain = Engine.from_pretrained(pair.target, ngram=False)
    for params in (GREEDY, SEEDED, SamplingParams(max_tokens=16, repetition_penalty=1.3)):
        expected = tokens(plain.generate(ASKED, params))
        for draft in (pair.draft, tiny.model("llama"), None):
            engine = Engine.from_pretrained(pair.target, draft, policy="fixed", slots=4)
            if draft is not None:
                force(engine, at_random(4))
            results = engine.generate(ASKED, params)
            assert same(pair.target, ASKED, expected, tokens(results))
            if draft == pair.draft:
                assert sum(result.stats.accepted for result in results) > 0


def test_a_hybrid_target_fills_its_context_with_long_drafts(tiny: Tiny) -> None:
    folder = tiny.model("qwen3_5_text")
    params = SamplingParams(max_tokens=1000, ignore_eos=True)
    asked = [[5, 6, 7] * 20, [9], [11, 12, 13, 14] * 10]
    expected = Engine.from_pretrained(folder, ngram=False, context=64).generate(asked, params)
    engine = force(Engine.from_pretrained(folder, folder, context=64, longest=20), lambda longest: longest)
    assert same(folder, asked, tokens(expected), tokens(engine.generate(asked, params)))


def test_a_hybrid_draft_serves_a_target_with_attention_alone(tiny: Tiny, plain: Engine, pair: Pair) -> None:
    engine = force(Engine.from_pretrained(pair.target, tiny.model("qwen3_5_text")), at_random(5))
    expected = [plain.generate([prompt], GREEDY)[0].token_ids for prompt in ASKED]
    assert same(pair.target, ASKED, expected, tokens(engine.generate(ASKED, GREEDY)))


@pytest.mark.parametrize("vocab", [VOCAB - 12, VOCAB + 20])
def test_a_draft_whose_vocabulary_is_padded_otherwise_is_used(tiny: Tiny, vocab: int) -> None:
    """The tokenizer has fewer tokens than the models have rows, as with Qwen2.5."""
    pair = Pair(tiny.model(), tiny.draft(vocab_size=vocab))
    plain = Engine.from_pretrained(pair.target, ngram=False)
    asked = [*prompts(5), [VOCAB - 1, 5, VOCAB - 2, 9]]
    for params in (GREEDY, SEEDED, SamplingParams(max_tokens=16, repetition_penalty=1.3)):
        expected = tokens(plain.generate(asked, params))
        for policy in ("adaedl", "fixed"):
            engine = Engine.from_pretrained(pair.target, pair.draft, policy=policy, ngram=False)
            assert same(pair.target, asked, expected, tokens(engine.generate(asked, params)))
            assert decoder_of(engine).failures == 0


def test_a_draft_with_another_tokenizer_is_refused(tiny: Tiny, pair: Pair) -> None:
    other = tiny.folder / "other-words"
    if not other.exists():
        made = hub.AutoTokenizer.from_pretrained(pair.draft)
        made.add_tokens(["another"])
        hub.AutoModelForCausalLM.from_pretrained(pair.draft).save_pretrained(other)
        made.save_pretrained(other)
    with pytest.raises(LoadError, match="different tokenizers"):
        Engine.from_pretrained(pair.target, other)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"policy": "best"}, "policy 'best' is not known; known are adaedl"),
        ({"dtype": "int3"}, "dtype 'int3' is not known"),
        ({"draft_dtype": "int3"}, "dtype 'int3' is not known"),
        ({"slots": 0}, "slots is 0; it must be at least 1"),
        ({"longest": 0}, "longest is 0; it must be at least 1"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(pair: Pair, settings: dict[str, Any], message: str) -> None:
    with pytest.raises(LoadError, match=message):
        Engine.from_pretrained(pair.target, **settings)


@pytest.mark.parametrize(
    ("prompt", "message"),
    [
        ("", "the prompt is empty"),
        ([], "the prompt is empty"),
        ([5, VOCAB], f"token id outside the model's {VOCAB}"),
        ([-1], "token id outside"),
        ([5] * 512, "512 tokens; the context of 512 leaves no answer"),
        ([5] * 2000, "2000 tokens"),
    ],
)
def test_a_prompt_that_cannot_be_answered_is_refused(plain: Engine, prompt: str | list[int], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        plain.submit(prompt)
    assert plain.idle


def test_a_refused_prompt_among_others_leaves_nothing_behind(plain: Engine) -> None:
    with pytest.raises(RequestError, match="empty"):
        plain.generate([[5, 6], []], GREEDY)
    assert plain.idle


def test_results_come_in_the_order_of_the_prompts(plain: Engine, expected: list[tuple[int, ...]]) -> None:
    params = [SamplingParams(max_tokens=24 - 2 * at) for at in range(len(ASKED))]
    results = plain.generate(ASKED, params)
    assert tokens(results) == [each[: own.max_tokens] for each, own in zip(expected, params, strict=True)]


def test_generate_keeps_the_news_of_other_requests_for_the_next_step(plain: Engine) -> None:
    waiting = plain.submit(ASKED[1], GREEDY)
    plain.generate([ASKED[2]], SamplingParams(max_tokens=50, ignore_eos=True))
    assert not plain.idle
    seen = run(plain)
    assert "".join(event.text for event in seen[waiting]) == ended(seen[waiting]).text


def test_an_end_of_a_request_that_is_not_known_is_no_error(plain: Engine) -> None:
    plain.cancel(123456)
    assert plain.step() == []


def test_a_cancelled_request_ends_at_the_next_step_with_what_it_had(pair: Pair) -> None:
    engine = Engine.from_pretrained(pair.target, pair.draft)
    request = engine.submit(ASKED[2], SamplingParams(max_tokens=100, ignore_eos=True))
    before = steps(engine, 4)
    engine.cancel(request)
    (last,) = engine.step()
    assert last.result is not None
    assert last.result.finish == "cancelled"
    assert last.result.text == "".join(event.text for event in before)
    assert len(last.result.token_ids) >= 4
    assert engine.idle


def test_a_deadline_that_has_passed_ends_a_request(plain: Engine) -> None:
    request = plain.submit(ASKED[2], timeout=0.0)
    result = ended(run(plain)[request])
    assert (result.finish, result.token_ids) == ("deadline", ())
    assert result.error == "the deadline passed before the answer was complete"
