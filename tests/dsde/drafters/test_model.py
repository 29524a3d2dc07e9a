"""The draft model keeps two tokens behind the text, whatever was accepted, copied or left undrafted."""

from __future__ import annotations

import pytest
from torch import Tensor

from chatbt.dsde import Engine, SamplingParams
from tests.dsde.decoding import at_random, decoder_of, ended, force, model_drafter, prompts, run, scheduler_of, steps
from tests.dsde.tiny import Tiny

LONG = SamplingParams(max_tokens=60, ignore_eos=True)


@pytest.mark.parametrize("kind", ["llama", "qwen3_5_text"])
@pytest.mark.parametrize("ngram", [False, True], ids=["model", "model-and-copies"])
def test_a_draft_like_its_target_is_never_refused(tiny: Tiny, kind: str, ngram: bool) -> None:
    """A token that the draft had not read, or had read twice, would let it drift away."""
    folder = tiny.model(kind)
    engine = force(Engine.from_pretrained(folder, folder, ngram=ngram, slots=3), at_random(1))
    if ngram:
        decoder_of(engine).drafter.ngram.rates = [0.99] * 5  # type: ignore[attr-defined]
    results = engine.generate(prompts(6, seed=4), LONG)
    drafted = sum(result.stats.drafted for result in results)
    accepted = sum(result.stats.accepted for result in results)
    assert drafted > 200
    assert accepted == drafted if not ngram else accepted > 0.5 * drafted


def test_a_draft_stays_with_a_prompt_whose_row_moves_up_while_it_is_read(tiny: Tiny) -> None:
    folder = tiny.model()
    engine = force(Engine.from_pretrained(folder, folder, ngram=False), lambda longest: longest)
    first = engine.submit([5, 6], LONG)
    steps(engine, 1)
    long = engine.submit([*range(1, 290)], LONG)
    steps(engine, 1)
    assert scheduler_of(engine).filling is not None
    engine.cancel(first)
    result = ended(run(engine)[long])
    assert result.stats.accepted == result.stats.drafted > 40


def test_what_the_draft_has_read_is_what_its_cache_holds(tiny: Tiny) -> None:
    pair = tiny.pair()
    engine = force(Engine.from_pretrained(pair.target, pair.draft, slots=3), at_random(2))
    for prompt in prompts(6, seed=5):
        engine.submit(prompt, LONG)
    for _ in range(40):
        steps(engine, 1)
        live = decoder_of(engine).sequences
        held = model_drafter(engine).runner.cache.lengths.tolist()
        assert [sequence.drafted for sequence in live] == held[: len(live)]
        assert all(sequence.drafted <= max(0, len(sequence.tokens) - 2) for sequence in live)


def test_no_draft_goes_beyond_the_last_token_that_is_wanted(tiny: Tiny) -> None:
    folder = tiny.model()
    engine = force(Engine.from_pretrained(folder, folder, ngram=False), lambda longest: longest)
    (result,) = engine.generate([[5, 6]], SamplingParams(max_tokens=5, ignore_eos=True))
    assert (result.stats.lengths, result.stats.accepted) == ({4: 1}, 4)


def test_a_policy_that_stops_a_row_stops_no_other(tiny: Tiny) -> None:
    folder = tiny.model()
    engine = force(Engine.from_pretrained(folder, folder, ngram=False), lambda longest: longest)
    policy = decoder_of(engine).policy
    seeds = decoder_of(engine).seeds

    def keep_going(logits: Tensor, place: int) -> Tensor:
        return place < 3 * (seeds[: len(logits)] % 2)

    policy.keep_going = keep_going  # type: ignore[method-assign]
    params = [SamplingParams(max_tokens=21, ignore_eos=True, seed=seed) for seed in (0, 1)]
    still, eager = engine.generate([[5, 6], [7, 8]], params)
    assert max(still.stats.lengths) == 1
    assert max(eager.stats.lengths) == 4
    assert still.stats.accepted == still.stats.drafted
    assert eager.stats.accepted == eager.stats.drafted
