"""Rounds by the real keys of the random numbers: whole texts are the target's, though lengths follow from what was
drafted before."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from chatbt.dsde.choosing import admitted, fitted, proposed
from chatbt.dsde.drafters.base import Draft, Rows
from chatbt.dsde.sampling import Processors
from tests.dsde.chances import drawn_from
from tests.dsde.test_acceptance import DRAFTER, LENGTH, LONGEST, TARGET, TOKENS, after, enumerated

TEXTS = 100_000
PROMPT = 7


def rows(lengths: Tensor, *, seeded: bool, temperature: float = 1.0) -> Rows:
    """As many rows as `lengths`, each with a seed of its own."""
    count = len(lengths)
    every = torch.ones(count)
    return Rows(
        sequences=[],
        newest=torch.zeros(count, 2, dtype=torch.int64),
        lengths=lengths,
        seeds=torch.arange(count),
        seeded=torch.full((count,), seeded),
        processors=Processors(every * temperature, every.long() * 0, every, every * 0, every, True, False),
        greedy=False,
        seen=None,
    )


def decoded(*, seeded: bool, spiteful: bool) -> Tensor:
    """The cell [TEXTS] of each text. A spiteful policy drafts nothing where the last draft, behind what was refused,
    held a token 0."""
    every = torch.arange(TEXTS)
    text, written = torch.zeros(TEXTS, dtype=torch.int64), torch.zeros(TEXTS, dtype=torch.int64)
    out = torch.zeros(TEXTS, LENGTH + LONGEST + 1, dtype=torch.int64)
    limits = torch.full((TEXTS,), 2)
    for _ in range(LENGTH):
        given = rows(PROMPT + written, seeded=seeded)
        known, logits = text, [TARGET[text].log()]
        tokens: list[Tensor] = []
        shares: list[Tensor] = []
        for _ in range(LONGEST):
            token, share = proposed(given, DRAFTER[known].log(), tokens)
            assert share is not None
            known = after(known, token)
            tokens.append(token)
            shares.append(share)
            logits.append(TARGET[known].log())
        draft = Draft(torch.stack(tokens, 1), limits, [True], probabilities=torch.stack(shares, 1))
        counts, following = admitted(given, draft, torch.stack(logits, 1))
        new = torch.cat([draft.tokens, following[:, None]], 1).scatter(1, counts[:, None], following[:, None])
        for place in range(LONGEST + 1):
            going = (place <= counts) & (written + place < LENGTH)
            at = (written + place).clamp(max=LENGTH + LONGEST)
            out[every, at] = torch.where(going, new[:, place], out[every, at])
            text = torch.where(going, after(text, new[:, place]), text)
        written += torch.where(written < LENGTH, counts + 1, 0)
        if spiteful:
            lost = draft.tokens.gather(1, (counts + 1).clamp(max=LONGEST - 1)[:, None]).squeeze(1)
            limits = torch.where(lost == 0, 0, LONGEST)
    assert (written >= LENGTH).all()
    return (out[:, :LENGTH] * TOKENS ** torch.arange(LENGTH - 1, -1, -1)).sum(1)


@pytest.mark.parametrize("seeded", [False, True], ids=["by rejection", "by a race"])
@pytest.mark.parametrize("spiteful", [False, True], ids=["", "lengths by what was refused"])
def test_whole_texts_are_the_targets(seeded: bool, spiteful: bool) -> None:
    assert drawn_from(decoded(seeded=seeded, spiteful=spiteful), enumerated(), cases=4)


def test_a_seeded_text_does_not_depend_on_the_lengths_of_drafts() -> None:
    assert torch.equal(decoded(seeded=True, spiteful=False), decoded(seeded=True, spiteful=True))


def test_rows_at_temperature_0_take_the_likeliest_beside_rows_that_sample() -> None:
    logits = torch.randn(50, 1, 9, generator=torch.Generator().manual_seed(1))
    given = rows(torch.full((50,), 3), seeded=False, temperature=0.0)
    assert torch.equal(proposed(given, logits[:, 0], [])[0], logits[:, 0].argmax(-1))
    nothing = Draft(torch.zeros(50, 0, dtype=torch.int64), torch.zeros(50, dtype=torch.int64), [False] * 50)
    counts, following = admitted(given, nothing, logits)
    assert not counts.any()
    assert torch.equal(following, logits[:, 0].argmax(-1))


def test_padding_of_the_drafts_vocabulary_is_cut_off() -> None:
    assert fitted(torch.arange(6.0)[None], 4).tolist() == [[0, 1, 2, 3]]


def test_tokens_that_the_draft_lacks_are_impossible() -> None:
    assert fitted(torch.tensor([[1.0, 2.0]]), 4).tolist() == [[1, 2, -torch.inf, -torch.inf]]
