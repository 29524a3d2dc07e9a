"""Whatever is drafted and however much of it counts, what comes out is distributed as the target alone."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch
from torch import Tensor

from chatbt.dsde.acceptance import agreed, coupled, rejection
from chatbt.dsde.sampling import drawn, exponentials, raced
from tests.dsde.chances import drawn_from, numbers

MANY = 1_000_000

pytestmark = pytest.mark.slow
VOCAB = 6


def normal(*weights: float) -> Tensor:
    made = torch.tensor(weights)
    return made / made.sum()


def cut(probabilities: Tensor, top_p: float) -> Tensor:
    """The likeliest tokens that together reach `top_p`."""
    ordered, order = probabilities.sort(descending=True)
    kept = torch.where(ordered.cumsum(0) - ordered < top_p, ordered, 0.0)
    return torch.zeros_like(probabilities).scatter(0, order, kept / kept.sum())


_P = normal(5, 1, 3, 2, 0.5, 4)
_Q = normal(1, 4, 2, 3, 0.1, 0.3)
PAIRS = {
    "different": (_P, _Q),
    "equal": (_P, _P),
    "nearly equal": (_P, (_P + 1e-7) / (1 + 6e-7)),
    "disjoint": (normal(1, 2, 3, 0, 0, 0), normal(0, 0, 0, 3, 2, 1)),
    "zeros in the target": (normal(1, 0, 3, 0, 2, 0), _Q),
    "zeros in the draft": (_P, normal(0, 4, 0, 3, 0, 1)),
    "a sure target": (normal(0, 0, 1, 0, 0, 0), _Q),
    "a sure draft that is right": (_P, normal(1, 0, 0, 0, 0, 0)),
    "a sure draft that is wrong": (normal(0, 3, 2, 1, 1, 1), normal(1, 0, 0, 0, 0, 0)),
    "a sure draft, least likely": (normal(1e-5, 3, 2, 1, 1, 1), normal(1, 0, 0, 0, 0, 0)),
    "masked by top-p, both": (cut(_P, 0.8), cut(_Q, 0.8)),
    "masked by top-p, the target": (cut(_P, 0.5), _Q),
    "masked by top-p, the draft": (_P, cut(_Q, 0.5)),
    "one token": (normal(1), normal(1)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_the_first_token_by_rejection_is_the_targets(name: str) -> None:
    p, q = PAIRS[name]
    vocab = len(p)
    drafted = drawn(q.expand(MANY, -1), numbers(MANY, seed=1))[:, None]
    counts, following = rejection(
        p.expand(MANY, 2, vocab),
        q.expand(MANY, 1, vocab),
        drafted,
        torch.ones(MANY, dtype=torch.int64),
        numbers(MANY, 1, seed=2),
        numbers(MANY, 2, seed=3),
    )
    assert drawn_from(torch.where(counts > 0, drafted[:, 0], following), p, cases=2 * len(PAIRS))
    # As much is accepted as can be: 1 - TV = sum of min(p, q).
    share = torch.minimum(p, q).sum().clamp(max=1)
    assert drawn_from(counts, torch.stack([1 - share, share]), cases=2 * len(PAIRS)) or name in {
        "equal",
        "nearly equal",
    }


@pytest.mark.parametrize("name", PAIRS)
def test_the_first_token_by_a_shared_race_is_the_targets(name: str) -> None:
    p, q = PAIRS[name]
    times = exponentials(torch.tensor(2), torch.arange(MANY)[:, None], len(p))
    drafted = raced(q, times)
    counts, following = coupled(
        p.expand(MANY, 2, -1), times.expand(-1, 2, -1), drafted, torch.ones(MANY, dtype=torch.int64)
    )
    assert drawn_from(torch.where(counts > 0, drafted[:, 0], following), p, cases=2 * len(PAIRS))
    # At least (1 - TV) / (1 + TV) is accepted (Daliri, Musco, Suresh, 2024).
    distance = 1 - torch.minimum(p, q).sum()
    assert counts.double().mean() > (1 - distance) / (1 + distance) - 0.003


def test_equal_distributions_accept_everything() -> None:
    few = 1000
    drafted = drawn(_P.expand(few, 3, -1), numbers(few, 3, seed=1))
    limits = torch.full((few,), 3)
    uniforms = numbers(few, 3, seed=2), numbers(few, 4, seed=3)
    counts, _ = rejection(_P.expand(few, 4, -1), _P.expand(few, 3, -1), drafted, limits, *uniforms)
    assert (counts == 3).all()


def test_no_row_accepts_more_than_its_limit() -> None:
    drafted = torch.zeros(5, 4, dtype=torch.int64)
    limits = torch.arange(5)
    sure = normal(1, 0, 0).expand(5, 5, -1)
    uniforms = numbers(5, 4, seed=2), numbers(5, 5, seed=3)
    assert torch.equal(rejection(sure, sure[:, :4], drafted, limits, *uniforms)[0], limits)
    assert torch.equal(agreed(drafted, torch.zeros(5, 5, dtype=torch.int64), limits)[0], limits)


def test_agreement_ends_at_the_first_difference_and_the_targets_choice_follows() -> None:
    drafted = torch.tensor([[1, 2, 3], [1, 9, 3], [9, 2, 3], [1, 2, 3]])
    chosen = torch.tensor([1, 2, 3, 4]).expand(4, -1)
    counts, following = agreed(drafted, chosen, torch.tensor([3, 3, 3, 1]))
    assert counts.tolist() == [3, 1, 0, 1]
    assert following.tolist() == [4, 2, 1, 2]


def test_a_round_without_a_draft_draws_from_the_target() -> None:
    nothing = torch.zeros(MANY, 0, dtype=torch.int64)
    none = torch.zeros(MANY, dtype=torch.int64)
    counts, following = rejection(
        _P.expand(MANY, 1, -1),
        torch.zeros(MANY, 0, VOCAB),
        nothing,
        none,
        torch.zeros(MANY, 0),
        numbers(MANY, 1, seed=4),
    )
    assert not counts.any()
    assert drawn_from(following, _P)


# Whole texts of a tiny vocabulary: every text of LENGTH tokens is a cell.
TOKENS, LENGTH, LONGEST = 3, 3, 3
TEXTS = 150_000


def conditional(seed: int) -> Tensor:
    """[every text of up to LENGTH + LONGEST tokens, TOKENS]: what may come next, some of it impossible."""
    texts = sum(TOKENS**size for size in range(LENGTH + LONGEST + 1))
    generator = torch.Generator().manual_seed(seed)
    table = torch.softmax(1.5 * torch.randn(texts, TOKENS, generator=generator), -1)
    table[torch.rand(texts, generator=generator) < 0.3, 0] = 0
    return table / table.sum(-1, keepdim=True)


def after(text: Tensor, token: Tensor) -> Tensor:
    """The number of a text with a token more; the empty one is 0."""
    return text * TOKENS + 1 + token


TARGET, DRAFTER = conditional(1), conditional(2)


def enumerated() -> Tensor:
    """The chance of each text of LENGTH tokens."""
    chances = []
    for text in itertools.product(range(TOKENS), repeat=LENGTH):
        chance, number = 1.0, 0
        for token in text:
            chance *= float(TARGET[number, token])
            number = number * TOKENS + 1 + token
        chances.append(chance)
    return torch.tensor(chances)


def random_limits(texts: Tensor, round_: int) -> Tensor:
    return torch.randint(0, LONGEST + 1, (len(texts),), generator=torch.Generator().manual_seed(round_))


def limits_by_the_text(texts: Tensor, round_: int) -> Tensor:
    return texts % (LONGEST + 1)


def longest(texts: Tensor, round_: int) -> Tensor:
    return torch.full((len(texts),), LONGEST)


LIMITS: dict[str, Any] = {"random": random_limits, "by the text": limits_by_the_text, "longest": longest}


def decoded(limits_of: Any, rule: str, stops: bool) -> Tensor:
    """The cell [TEXTS] of each text that is decoded. With `stops` a draft ends behind its first token 1."""
    rows = torch.arange(TEXTS)
    text = torch.zeros(TEXTS, dtype=torch.int64)
    written = torch.zeros(TEXTS, dtype=torch.int64)
    out = torch.zeros(TEXTS, LENGTH + LONGEST + 1, dtype=torch.int64)
    for round_ in range(LENGTH):
        positions = written[:, None] + torch.arange(LONGEST + 1)
        times = exponentials(rows[:, None], positions, TOKENS)
        uniforms = [numbers(TEXTS, LONGEST + 1, seed=100 * round_ + part) for part in range(3)]
        limits = limits_of(text, round_)
        known, drafted, p, q = text, [], [TARGET[text]], []
        for place in range(LONGEST):
            q.append(DRAFTER[known])
            token = raced(q[-1], times[:, place]) if rule == "race" else drawn(q[-1], uniforms[0][:, place])
            if stops:
                limits = torch.where(token == 1, limits.clamp(max=place + 1), limits)
            known = after(known, token)
            drafted.append(token)
            p.append(TARGET[known.clamp(max=len(TARGET) - 1)])
        tokens, target, draft = torch.stack(drafted, 1), torch.stack(p, 1), torch.stack(q, 1)
        if rule == "race":
            counts, following = coupled(target, times, tokens, limits)
        else:
            counts, following = rejection(target, draft, tokens, limits, uniforms[1][:, :LONGEST], uniforms[2])
        new = torch.cat([tokens, following[:, None]], 1).scatter(1, counts[:, None], following[:, None])
        going = written < LENGTH
        for place in range(LONGEST + 1):
            emitted = going & (place <= counts)
            out[rows, (written + place).clamp(max=LENGTH + LONGEST)] = torch.where(
                emitted, new[:, place], out[rows, (written + place).clamp(max=LENGTH + LONGEST)]
            )
            text = torch.where(emitted & (written + place < LENGTH), after(text, new[:, place]), text)
        written = torch.where(going, written + counts + 1, written)
    assert (written >= LENGTH).all()
    return (out[:, :LENGTH] * TOKENS ** torch.arange(LENGTH - 1, -1, -1)).sum(1)


@pytest.mark.parametrize("stops", [False, True], ids=["", "stopping by what was drafted"])
@pytest.mark.parametrize("rule", ["rejection", "race"])
@pytest.mark.parametrize("limits", LIMITS)
def test_whole_texts_are_the_targets(limits: str, rule: str, stops: bool) -> None:
    assert drawn_from(decoded(LIMITS[limits], rule, stops), enumerated(), cases=12)


def test_texts_by_a_shared_race_do_not_depend_on_how_much_is_drafted() -> None:
    texts = [decoded(limits, "race", False) for limits in LIMITS.values()]
    assert torch.equal(texts[0], texts[1])
    assert torch.equal(texts[0], texts[2])
