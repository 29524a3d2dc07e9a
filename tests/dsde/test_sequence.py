"""Where an answer ends, and what of it is told when."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbt.dsde.params import SamplingParams
from chatbt.dsde.sequence import Sequence
from tests.dsde.tiny import EOS, tokenizer

BYTES = tokenizer().backend_tokenizer


def ids(text: str) -> list[int]:
    """Tokens of `text`."""
    return list(BYTES.encode(text).ids)


def letters(text: str) -> list[int]:
    """One token for each letter."""
    return [token for letter in text for token in ids(letter)]


def sequence(room: int = 100, **params: Any) -> Sequence:
    """One whose prompt is a token."""
    return Sequence(1, 1, [5], SamplingParams(**params), room, frozenset({EOS}), BYTES)


def fed(made: Sequence, tokens: list[int], size: int = 1) -> list[str]:
    """What is told of rounds of `size` tokens, until the sequence has ended."""
    told = []
    for at in range(0, len(tokens), size):
        told.append(made.extend(tokens[at : at + size]))
        if made.finish is not None:
            break
    return told


@pytest.mark.parametrize("size", range(1, 12))
def test_a_stop_string_cuts_wherever_rounds_and_tokens_end(size: int) -> None:
    made = sequence(stop=("STOP",))
    told = fed(made, letters("one STO two STOP three"), size)
    assert (made.text, made.finish) == ("one STO two ", "stop")
    assert "".join(told) == made.text


def test_a_stop_string_within_a_token_cuts_the_token() -> None:
    token = next(token for token in range(299, 0, -1) if len(BYTES.decode([token])) >= 5)
    text = BYTES.decode([token])
    made = sequence(stop=(text[2:4],))
    fed(made, [*letters("x"), token])
    assert made.text == "x" + text[:2]
    assert made.result().token_ids == (*letters("x"), token)


def test_tokens_behind_a_stop_string_are_no_part_of_the_result() -> None:
    made = sequence(stop=("cd",))
    fed(made, letters("abcdef"), 6)
    assert made.result().token_ids == tuple(letters("ab"))


def test_a_stop_string_at_once_leaves_nothing() -> None:
    made = sequence(stop=("ab",))
    fed(made, letters("abc"))
    assert (made.text, made.result().token_ids, made.finish) == ("", (), "stop")


def test_what_may_become_a_stop_string_is_held_back() -> None:
    assert fed(sequence(stop=("abc", "bd")), letters("xabx")) == ["x", "", "", "abx"]


def test_what_was_held_back_is_told_at_the_end() -> None:
    made = sequence(room=3, stop=("abc",))
    assert fed(made, letters("xab")) == ["x", "", "ab"]
    assert (made.text, made.finish) == ("xab", "length")


def test_an_end_token_tells_what_was_held_back() -> None:
    made = sequence(stop=("abc",))
    assert fed(made, [*letters("xab"), EOS]) == ["x", "", "", "ab"]
    assert (made.text, made.finish) == ("xab", "stop")


def test_the_earliest_of_several_stop_strings_cuts() -> None:
    made = sequence(stop=("d", "bcd", "cd"))
    fed(made, letters("abcd"))
    assert made.text == "a"


def test_a_stop_string_of_several_bytes_a_character_cuts() -> None:
    made = sequence(stop=("€",))
    told = fed(made, ids("aä€b"))
    assert (made.text, "".join(told)) == ("aä", "aä")


def test_a_stop_string_in_the_prompt_does_not_count() -> None:
    made = Sequence(1, 4, letters("STOP"), SamplingParams(stop=("STOP", "OPx")), 100, frozenset(), BYTES)
    fed(made, letters("xy"))
    assert (made.text, made.finish) == ("xy", None)


@given(st.text("abc€", max_size=30), st.lists(st.text("abc€", min_size=1, max_size=3), max_size=3), st.integers(1, 9))
def test_the_text_is_the_same_however_rounds_fall(text: str, stop: list[str], size: int) -> None:
    one, other = sequence(stop=tuple(stop)), sequence(stop=tuple(stop))
    told = fed(one, ids(text), size)
    fed(other, ids(text))
    assert "".join(told) == one.text == other.text
    assert one.tokens == other.tokens
    assert not any(each in one.text for each in stop)
    assert text.startswith(one.text)


def test_tokens_behind_the_end_token_are_dropped() -> None:
    made = sequence()
    made.extend([*letters("ab"), EOS, *letters("cd")])
    assert made.result().token_ids == tuple(letters("ab"))


def test_tokens_behind_the_last_that_was_asked_for_are_dropped() -> None:
    made = sequence(room=2)
    made.extend(letters("abcd"))
    assert (made.text, made.finish, made.result().stats.tokens) == ("ab", "length", 2)


def test_a_half_character_at_the_end_is_left_out_of_the_text() -> None:
    made = sequence(room=3)
    told = fed(made, [*letters("a"), *ids("€")[:2]])
    assert (made.text, told) == ("a", ["a", "", ""])


def test_an_error_is_part_of_the_result() -> None:
    made = sequence()
    made.end("error", "why")
    assert (made.result().finish, made.result().error) == ("error", "why")
