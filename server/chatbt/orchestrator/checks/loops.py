"""Text that goes round in circles."""

import re
from collections import Counter

from chatbt.orchestrator.checks import Said

_WORD = re.compile(r"\w+|[^\w\s]")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_RUN = re.compile(r"(?s)(.{2,80}?)\1{3,}")
_LONG = 24
_FEW = 0.5
"""The least share of different threes among all threes of neighbouring words in a long text."""


def check(said: Said) -> str | None:
    """No sentence comes twice, nothing is said four times in a row, and most of what is said is new."""
    prose = said.prose
    sentences = [" ".join(one.lower().split()) for one in _SENTENCE.split(prose) if len(one) > 15]
    twice = next((one for one, count in Counter(sentences).items() if count > 1), None)
    words = _WORD.findall(prose.lower())
    threes = list(zip(words, words[1:], words[2:], strict=False))
    few = len(words) >= _LONG and len(set(threes)) < _FEW * len(threes)
    run = next((found for found in _RUN.finditer(said.text) if any(one.isalnum() for one in found[1])), None)
    return "repeats itself" if twice or few or run else None
