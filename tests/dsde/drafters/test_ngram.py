"""Copies: found where the text repeats itself, as long as the match is good, judged by how they fare."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from chatbt.dsde.drafters.base import Rows
from chatbt.dsde.drafters.ngram import SIZE, STEPS, Index, NgramDrafter
from chatbt.dsde.params import SamplingParams
from chatbt.dsde.sampling import Processors
from chatbt.dsde.sequence import Sequence
from tests.dsde.tiny import tokenizer

BYTES = tokenizer().backend_tokenizer


def sequence(tokens: list[int], room: int = 100, name: int = 1) -> Sequence:
    """One that has a prompt alone."""
    return Sequence(name, len(tokens), list(tokens), SamplingParams(), room, frozenset(), BYTES)


def rows(*sequences: Sequence) -> Rows:
    """A round of them."""
    none = torch.zeros(len(sequences))
    return Rows(
        list(sequences),
        torch.tensor([each.tokens[-2:] for each in sequences]),
        torch.tensor([len(each.tokens) for each in sequences]),
        none.long(),
        none.bool(),
        Processors(none, none.long(), none + 1, none, none + 1, plain=True, penalised=False),
        greedy=True,
        seen=None,
    )


def slow_match(tokens: list[int]) -> tuple[int, int]:
    """The newest earlier place whose last three tokens are the text's, and how far back the two agree."""
    for end in range(len(tokens) - 1, SIZE - 1, -1):
        if tokens[end - SIZE : end] == tokens[-SIZE:]:
            length = SIZE
            while length < STEPS[-1] and length < end and tokens[end - length - 1] == tokens[-length - 1]:
                length += 1
            return end, length
    return 0, 0


@given(st.lists(st.integers(0, 2), max_size=40), st.integers(0, 40))
def test_an_index_that_grows_finds_what_a_search_finds(tokens: list[int], first: int) -> None:
    index = Index()
    index.match(tokens[:first])
    assert index.match(tokens) == slow_match(tokens)


def test_what_followed_the_last_time_is_copied() -> None:
    copy = NgramDrafter(8).copy(sequence([1, 2, 3, 4, 5, 6, 9, 1, 2, 3]), 3)
    assert copy is not None
    assert copy.tokens == [4, 5, 6]


@pytest.mark.parametrize("tokens", [[1], [1, 2], [1, 2, 3], [1, 2, 3, 4, 1, 2]])
def test_nothing_is_copied_where_nothing_repeats(tokens: list[int]) -> None:
    assert NgramDrafter(8).copy(sequence(tokens), 8) is None


def test_no_copy_is_longer_than_what_there_is_to_copy() -> None:
    copy = NgramDrafter(8).copy(sequence([1, 2, 3, 1, 2, 3]), 8)
    assert copy is not None
    assert copy.tokens == [1, 2, 3]


def test_a_draft_is_as_wide_as_its_longest_copy() -> None:
    long, short, none = sequence([1, 2, 3, 4, 5, 1, 2, 3]), sequence([7, 7, 7, 7], name=2), sequence([1, 2], name=3)
    draft = NgramDrafter(4).propose(rows(long, short, none), [0, 0, 0])
    assert draft.tokens.tolist() == [[4, 5, 1, 2], [7, 0, 0, 0], [0, 0, 0, 0]]
    assert draft.limits.tolist() == [4, 1, 0]
    assert (draft.modelled, draft.logits, draft.probabilities) == ([False] * 3, None, None)


def test_a_copy_leaves_room_for_the_target_s_own_token() -> None:
    draft = NgramDrafter(4).propose(rows(sequence([1, 2, 3, 4, 5, 1, 2, 3], room=2)), [4])
    assert draft.limits.tolist() == [1]


def test_a_drafter_of_length_0_copies_nothing() -> None:
    draft = NgramDrafter(0).propose(rows(sequence([1, 2, 3, 4, 5, 1, 2, 3])), [4])
    assert draft.tokens.shape == (1, 0)


def test_rows_that_only_fill_up_a_batch_have_no_copy() -> None:
    draft = NgramDrafter(2).propose(rows(sequence([1, 2, 3, 4, 1, 2, 3])), [0, 0])
    assert draft.tokens.tolist() == [[4, 1], [0, 0]]
    assert draft.limits.tolist() == [2, 0]


@pytest.mark.parametrize(("accepted", "better"), [(0, False), (4, True)])
def test_the_rate_of_a_kind_of_match_follows_how_its_copies_fare(accepted: int, better: bool) -> None:
    drafter, one = NgramDrafter(4), sequence([1, 2, 3, 4, 5, 1, 2, 3])
    before = list(drafter.rates)
    draft = drafter.propose(rows(one), [4])
    drafter.accepted(rows(one), draft, torch.tensor([accepted]), [accepted])
    assert (drafter.rates[0] > before[0], drafter.rates[1:]) == (better, before[1:])
    assert (drafter.indexes[1].rates[0] > before[0]) is better


def test_a_sequence_that_is_gone_is_forgotten() -> None:
    drafter, one, other = NgramDrafter(4), sequence([1, 2, 3, 4]), sequence([5, 6, 7, 8], name=2)
    for live in (rows(one, other), rows(other)):
        drafter.accepted(live, drafter.propose(live, [4] * len(live.sequences)), torch.zeros(2), [0, 0])
    assert list(drafter.indexes) == [2]
