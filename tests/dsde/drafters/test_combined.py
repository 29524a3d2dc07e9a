"""A copy where it promises more tokens for its time, the model's draft elsewhere, in one round."""

from __future__ import annotations

import torch

from chatbt.dsde import Engine, SamplingParams
from chatbt.dsde.drafters.base import Draft
from chatbt.dsde.drafters.combined import CombinedDrafter, _merged
from tests.dsde.decoding import decoder_of, force, steps
from tests.dsde.tiny import Pair

LONG = SamplingParams(max_tokens=100, ignore_eos=True)


def combined(engine: Engine) -> CombinedDrafter:
    """The engine's drafter."""
    drafter = decoder_of(engine).drafter
    assert isinstance(drafter, CombinedDrafter)
    return drafter


def _price(batch: int, length: int, *, drafted: bool = True) -> float:
    return 1 + 0.1 * length * drafted


def proposed(pair: Pair, chance: float, acceptance: float) -> Draft:
    """The draft for a row that may copy beside one that may not."""
    engine = force(Engine.from_pretrained(pair.target, pair.draft, longest=3), lambda longest: longest)
    decoder, drafter = decoder_of(engine), combined(engine)
    drafter.costs.round = _price  # type: ignore[method-assign]
    for prompt in ([5, 6, 7, 8] * 6, [9, 10, 11]):
        engine.submit(prompt, LONG)
    steps(engine, 2)
    drafter.ngram.indexes.clear()
    drafter.ngram.rates = [chance] * 5
    # Wherever the model wrote to, the first row's text now repeats itself.
    decoder.sequences[0].tokens[-4:] = [5, 6, 7, 8]
    for sequence in decoder.sequences:
        sequence.acceptance = acceptance
    with torch.inference_mode():
        return drafter.propose(decoder._rows(2), [3, 3])


def test_a_copy_that_will_be_accepted_is_taken_and_the_model_drafts_for_the_others(pair: Pair) -> None:
    draft = proposed(pair, chance=0.99, acceptance=0.1)
    assert draft.modelled == [False, True]
    assert draft.tokens[0, 1:4].tolist() == [5, 6, 7]  # behind what the model wrote first
    assert draft.limits[0] > 3
    assert draft.limits[1] == 3
    assert draft.logits is not None
    assert draft.logits.shape[1] == 3


def test_a_copy_that_will_be_refused_is_left_to_the_model(pair: Pair) -> None:
    draft = proposed(pair, chance=0.01, acceptance=0.95)
    assert draft.modelled == [True, True]
    assert draft.limits.tolist() == [3, 3]


def test_rows_of_two_drafts_keep_their_own_tokens_limits_and_distributions() -> None:
    copied = Draft(torch.tensor([[1, 2, 3], [0, 0, 0]]), torch.tensor([3, 0]), [False, False])
    model = torch.rand(2, 1, 5)
    modelled = Draft(torch.tensor([[8], [9]]), torch.tensor([0, 1]), [False, True], model, model.softmax(-1))
    both = _merged(copied, modelled)
    assert both.tokens.tolist() == [[1, 2, 3], [9, 0, 0]]
    assert both.limits.tolist() == [3, 1]
    assert both.modelled == [False, True]
    assert both.logits is model
    assert both.probabilities is not None
    assert both.probabilities.shape == (2, 3, 5)
    assert torch.equal(both.probabilities[:, :1], model.softmax(-1))


def test_the_cost_of_a_draft_step_is_of_the_steps_that_were_made(pair: Pair) -> None:
    """A long copy beside a short draft does not make the model's steps seem cheaper."""
    engine = force(Engine.from_pretrained(pair.target, pair.draft, longest=8), lambda _: 1)
    steps_seen = []
    decoder = decoder_of(engine)
    record = decoder.costs.record

    def noted(batch: int, count: int, *rest: object, **more: object) -> None:
        steps_seen.append(count)
        record(batch, count, *rest, **more)  # type: ignore[arg-type]

    decoder.costs.record = noted  # type: ignore[method-assign, assignment]
    combined(engine).ngram.rates = [0.99] * 5
    for prompt in ([5, 6, 7, 8] * 6, [9, 10, 11]):
        engine.submit(prompt, SamplingParams(max_tokens=12, ignore_eos=True))
    while not engine.idle:
        steps(engine, 1)
    assert set(steps_seen) == {0, 1}
