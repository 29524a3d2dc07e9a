"""Distributions are transformers' own, and random numbers depend on their keys and nothing else."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch
import transformers
from torch import Tensor

from chatbt.dsde.sampling import ACCEPT, DRAFT, REPLACE, Processors, drawn, exponentials, likeliest, raced, uniform
from tests.dsde.chances import drawn_from, numbers, uniform_on_0_1

hub: Any = transformers
VOCAB = 50
MANY = 400_000


def processors(rows: list[dict[str, float]]) -> Processors:
    """The parameters of each row; those that are not named are off."""

    def column(name: str, off: float) -> Tensor:
        return torch.tensor([row.get(name, off) for row in rows])

    return Processors(
        column("temperature", 1.0),
        column("top_k", 0).long(),
        column("top_p", 1.0),
        column("min_p", 0.0),
        column("penalty", 1.0),
        plain=not any({"top_k", "top_p", "min_p"} & row.keys() for row in rows),
        penalised=any("penalty" in row for row in rows),
    )


def theirs(logits: Tensor, seen: Tensor, row: dict[str, float]) -> Tensor:
    """Probabilities [V] by transformers' processors, in the order of its `generate`."""
    scores = logits[None]
    if "penalty" in row:
        scores = hub.RepetitionPenaltyLogitsProcessor(row["penalty"])(seen.nonzero().T, scores)
    for name, processor in (
        ("temperature", hub.TemperatureLogitsWarper),
        ("top_k", hub.TopKLogitsWarper),
        ("top_p", hub.TopPLogitsWarper),
        ("min_p", hub.MinPLogitsWarper),
    ):
        if name in row:
            scores = processor(row[name])(None, scores)
    return torch.softmax(scores[0], -1)


CHANGES: list[dict[str, float]] = [
    dict(itertools.chain.from_iterable(chosen))
    for chosen in itertools.product(
        [[], [("penalty", 1.3)], [("penalty", 0.7)]],
        [[], [("temperature", 0.6)], [("temperature", 2.5)]],
        [[], [("top_k", 1)], [("top_k", 7)], [("top_k", 1000)]],
        [[], [("top_p", 0.05)], [("top_p", 0.8)]],
        [[], [("min_p", 0.1)]],
    )
]


@pytest.mark.parametrize("row", CHANGES, ids=str)
def test_a_distribution_is_that_of_transformers(row: dict[str, float]) -> None:
    generator = torch.Generator().manual_seed(3)
    logits = 3 * torch.randn(1, 8, VOCAB, generator=generator)
    seen = torch.rand(1, 8, VOCAB, generator=generator) < 0.2
    ours = processors([row]).distribution(logits, seen)
    expected = torch.stack([theirs(logits[0, at], seen[0, at], row) for at in range(8)])
    torch.testing.assert_close(ours[0], expected)
    assert ((ours[0] > 1e-30) == (expected > 1e-30)).all()


def test_every_row_has_its_own_parameters() -> None:
    generator = torch.Generator().manual_seed(4)
    logits = 3 * torch.randn(len(CHANGES), 2, VOCAB, generator=generator)
    seen = torch.rand(len(CHANGES), 2, VOCAB, generator=generator) < 0.2
    together = processors(CHANGES).distribution(logits, seen)
    for at, row in enumerate(CHANGES):
        alone = processors([row]).distribution(logits[at : at + 1], seen[at : at + 1])
        torch.testing.assert_close(together[at], alone[0])


def test_a_row_that_narrows_nothing_is_the_same_to_the_bit_beside_one_that_does() -> None:
    logits = 3 * torch.randn(2, 1, VOCAB, generator=torch.Generator().manual_seed(4))
    beside = processors([{"temperature": 0.9}, {"top_p": 0.5}]).distribution(logits, None)
    assert torch.equal(beside[:1], processors([{"temperature": 0.9}]).distribution(logits[:1], None))


def test_a_greedy_row_has_its_softmax() -> None:
    logits = torch.randn(1, 1, VOCAB, generator=torch.Generator().manual_seed(1))
    assert torch.equal(processors([{"temperature": 0.0}]).distribution(logits, None), torch.softmax(logits, -1))


@pytest.mark.parametrize("temperature", [1e-3, 1e-6])
def test_a_very_low_temperature_is_greedy(temperature: float) -> None:
    logits = 20 * torch.randn(1, 4, VOCAB, generator=torch.Generator().manual_seed(1))
    distribution = processors([{"temperature": temperature}]).distribution(logits, None)
    torch.testing.assert_close(distribution.amax(-1), torch.ones(1, 4))
    assert torch.equal(distribution.argmax(-1), logits.argmax(-1))


def test_tokens_that_are_impossible_stay_impossible() -> None:
    logits = torch.randn(1, 1, VOCAB, generator=torch.Generator().manual_seed(1))
    logits[..., 30:] = -torch.inf
    seen = torch.ones(1, 1, VOCAB, dtype=torch.bool)
    row = {"penalty": 1.3, "temperature": 0.7, "top_k": 45, "top_p": 0.99, "min_p": 0.001}
    distribution = processors([row]).distribution(logits, seen)
    assert distribution.isfinite().all()
    assert not distribution[..., 30:].any()


def test_a_penalty_of_unseen_tokens_changes_nothing() -> None:
    logits = torch.randn(1, 2, VOCAB, generator=torch.Generator().manual_seed(1))
    nothing = torch.zeros(1, 2, VOCAB, dtype=torch.bool)
    assert torch.equal(processors([{"penalty": 1.5}]).penalise(logits, nothing), logits)


SEEDS = torch.tensor([0, 1, 2, 12345, 2**62, 2**63 - 1])


def test_a_number_depends_on_its_seed_and_position_and_not_on_its_neighbours() -> None:
    positions = torch.arange(40)
    table = uniform(SEEDS[:, None], positions, DRAFT)
    for row, seed in enumerate(SEEDS):
        for at in (0, 7, 39):
            assert uniform(seed[None], positions[at, None], DRAFT) == table[row, at]
    races = exponentials(SEEDS[:, None], positions, VOCAB)
    assert torch.equal(exponentials(SEEDS[3], positions[7], VOCAB), races[3, 7])
    assert torch.equal(exponentials(SEEDS[3], positions[7], 9), races[3, 7, :9])


def test_numbers_of_different_keys_are_different() -> None:
    keyed = torch.stack([uniform(SEEDS[:, None], torch.arange(200), purpose) for purpose in (DRAFT, ACCEPT, REPLACE)])
    assert len(keyed.unique()) > 0.999 * keyed.numel()
    races = exponentials(SEEDS[:, None], torch.arange(50), VOCAB)
    assert len(races.unique()) > 0.99 * races.numel()


@pytest.mark.parametrize("purpose", [DRAFT, ACCEPT, REPLACE])
def test_numbers_are_uniform_along_positions_and_along_seeds(purpose: int) -> None:
    along = uniform(torch.tensor(7), torch.arange(MANY), purpose), uniform(torch.arange(MANY), torch.tensor(7), purpose)
    for numbers_ in along:
        assert numbers_.min() >= 0
        assert numbers_.max() < 1
        assert uniform_on_0_1(numbers_, cases=6)


def pairs(first: Tensor, second: Tensor) -> Tensor:
    """The cell of each pair of numbers in a grid of 16 by 16."""
    return (first * 16).long() * 16 + (second * 16).long()


def test_numbers_of_neighbouring_keys_are_independent() -> None:
    positions = torch.arange(MANY)
    here = uniform(torch.tensor(7), positions, DRAFT)
    for other in (
        uniform(torch.tensor(7), positions + 1, DRAFT),
        uniform(torch.tensor(8), positions, DRAFT),
        uniform(torch.tensor(7), positions, ACCEPT),
        uniform(torch.tensor(7), positions, REPLACE),
        1 - torch.exp(-exponentials(torch.tensor(7), positions, 1)[:, 0]),
    ):
        assert drawn_from(pairs(here, other.clamp(max=1 - 2**-24)), torch.full((256,), 1 / 256), cases=5)


def test_times_of_a_race_are_exponential_and_independent_of_each_other() -> None:
    times = exponentials(torch.tensor(3), torch.arange(MANY // 4), 4)
    shares = 1 - torch.exp(-times.double())
    assert uniform_on_0_1(shares, cases=2)
    cells = pairs(shares[:, :-1], shares[:, 1:]).flatten()
    assert drawn_from(cells, torch.full((256,), 1 / 256), cases=2)


def test_no_token_of_a_large_vocabulary_wins_by_a_time_of_nothing() -> None:
    vocab, likely = 150_000, 77
    times = exponentials(torch.tensor(11), torch.arange(100), vocab)
    # The least of n such times is 1 / n in the mean, here 7e-8.
    assert times.isfinite().all()
    assert 1e-12 < times.min() < 5e-8
    probabilities = torch.full((vocab,), 1e-20)
    probabilities[likely] = 1.0
    assert (raced(probabilities, times) == likely).all()


DISTRIBUTIONS = {
    "flat": torch.full((8,), 1 / 8),
    "steep": torch.softmax(torch.arange(8.0) * 1.5, -1),
    "with zeros at both ends and within": torch.tensor([0, 0.2, 0, 0.5, 0, 0.3, 0, 0]),
    "sure": torch.tensor([0.0, 0, 1, 0]),
}


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_draws_follow_their_distribution(name: str) -> None:
    expected = DISTRIBUTIONS[name]
    draws = drawn(expected.expand(MANY, -1), uniform(torch.tensor(5), torch.arange(MANY), REPLACE))
    assert drawn_from(draws, expected, cases=len(DISTRIBUTIONS))


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_races_follow_their_distribution(name: str) -> None:
    expected = DISTRIBUTIONS[name]
    draws = raced(expected, exponentials(torch.tensor(5), torch.arange(MANY), len(expected)))
    assert drawn_from(draws, expected, cases=len(DISTRIBUTIONS))


def test_the_least_and_the_greatest_number_draw_what_is_possible() -> None:
    probabilities = torch.tensor([[0.0, 0.3, 0.7, 0.0]]).expand(2, -1)
    assert drawn(probabilities, torch.tensor([0.0, 1 - 2**-24])).tolist() == [1, 2]


def test_weights_that_do_not_sum_to_one_are_drawn_by_their_share() -> None:
    weights = torch.tensor([0.1, 0.0, 0.3])
    draws = drawn(weights.expand(MANY, -1), numbers(MANY, seed=9))
    assert drawn_from(draws, weights / weights.sum())


@pytest.mark.parametrize("shape", [(1, 128), (3, 5, 128), (16, 192), (9, 100)])
def test_the_likeliest_is_the_first_of_the_largest(shape: tuple[int, ...]) -> None:
    generator = torch.Generator().manual_seed(7)
    logits = torch.randint(0, 6, shape, generator=generator).float()  # many are equal
    logits[0, ..., 70] = torch.nan
    logits[-1] = -torch.inf
    assert likeliest(logits).equal(logits.argmax(-1))
