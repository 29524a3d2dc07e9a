"""Text out of tokens as they come, without half characters."""

from __future__ import annotations

from tokenizers import Tokenizer

CONTEXT = 5
"""Tokens of the prompt that are decoded together with the answer's first: some tokenizers begin a text otherwise."""
WINDOW = 16
HALF = "\ufffd"


class Detokenizer:
    """The text of what follows `prompt`.

    The newest tokens are decoded together. What ends in a character that cannot be read is kept back, as the bytes
    that it lacks may follow; bytes that never become a character are told when another one follows.
    """

    __slots__ = ("_closed", "_tokenizer", "_told", "_window")

    def __init__(self, tokenizer: Tokenizer, prompt: list[int]) -> None:
        self._tokenizer = tokenizer
        self._window = prompt[-CONTEXT:]
        self._told = self._sure()[0]
        self._closed = len(self._window)

    def add(self, token: int) -> str:
        """The text that is sure with one more token."""
        self._window.append(token)
        sure, whole = self._sure()
        new = sure[len(self._told) :]
        self._told += new
        if whole:
            if len(self._window) > WINDOW:
                del self._window[: self._closed]
                self._told = self._sure()[0]
            self._closed = len(self._window)
        return new

    def _sure(self) -> tuple[str, bool]:
        text = self._tokenizer.decode(self._window, skip_special_tokens=True)
        sure = text.rstrip(HALF)
        return sure, len(sure) == len(text)
