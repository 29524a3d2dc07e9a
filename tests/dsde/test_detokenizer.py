"""Characters are told whole, in time, and exactly once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models

from chatbt.dsde.detokenizer import HALF, Detokenizer
from tests.dsde.tiny import tokenizer

BYTES: Tokenizer = tokenizer().backend_tokenizer
"""Of single bytes and a few words."""


def _fallback() -> Tokenizer:
    """As Llama's: words with a leading mark, and tokens of one byte for all else."""
    words = {f"<0x{byte:02X}>": byte for byte in range(256)} | {"▁he": 256, "llo": 257, "▁": 258}
    made = Tokenizer(models.BPE(words, [], byte_fallback=True))
    made.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    return made


FALLBACK = _fallback()


def told(made: Tokenizer, prompt: list[int], tokens: list[int]) -> list[str]:
    """What each token adds."""
    stream = Detokenizer(made, prompt)
    return [stream.add(token) for token in tokens]


def ids(text: str) -> list[int]:
    """Tokens of `text`."""
    return list(BYTES.encode(text).ids)


@given(st.text(), st.text())
def test_all_that_is_told_is_the_text(prompt: str, text: str) -> None:
    assert "".join(told(BYTES, ids(prompt), ids(text))) == text.rstrip(HALF)


def test_a_character_is_told_when_its_last_byte_has_come() -> None:
    tokens = ids("€")
    assert len(tokens) == 3
    assert told(BYTES, [], tokens) == ["", "", "€"]


def test_a_character_that_the_prompt_has_begun_is_told_in_full() -> None:
    begun = ids("so €")
    assert told(BYTES, begun[:-1], begun[-1:]) == ["€"]


@given(st.lists(st.integers(1, 299), max_size=60))
def test_bytes_that_are_no_characters_are_told_as_the_tokenizer_decodes_them(tokens: list[int]) -> None:
    assert "".join(told(BYTES, [], tokens)) == BYTES.decode(tokens).rstrip(HALF)


@given(st.lists(st.integers(0, 258), max_size=60))
def test_no_bytes_of_a_tokenizer_with_fallback_raise(tokens: list[int]) -> None:
    told(FALLBACK, tokens[:3], tokens[3:])


def test_the_space_before_the_first_word_is_kept() -> None:
    assert told(FALLBACK, [256, 257], [256, 257]) == [" he", "llo"]


def test_special_tokens_have_no_text() -> None:
    assert told(BYTES, [], [*ids("a"), 0, *ids("b")]) == ["a", "", "b"]


@pytest.mark.parametrize("size", [1, 15, 16, 17, 200])
def test_a_long_text_is_told_in_full_whatever_its_length(size: int) -> None:
    text = "a€" * size
    assert "".join(told(BYTES, [], ids(text))) == text
