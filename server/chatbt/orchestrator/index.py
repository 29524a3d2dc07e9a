"""A small lexical index: documents of weighted fields, ranked by BM25F."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

SATURATION = 1.2
LENGTH = 0.4
"""How much the length of a document counts: 0 not at all, 1 in full."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that bears on a question: how much, and by which of its words, the weightiest first."""

    key: str
    score: float
    words: Mapping[str, float]


@dataclass(slots=True)
class Index:
    """Add every document, then `freeze`, then ask."""

    _counts: dict[str, dict[str, float]] = field(default_factory=dict)
    _postings: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    _rarity: dict[str, float] = field(default_factory=dict)

    def add(self, key: str, fields: Iterable[tuple[float, Sequence[str]]]) -> None:
        """Add a document: its fields are words, each with the weight that they have there."""
        counts = self._counts.setdefault(key, {})
        for weight, words in fields:
            for word in words:
                counts[word] = counts.get(word, 0.0) + weight

    def freeze(self) -> None:
        """Weigh every word of every document."""
        total = len(self._counts)
        mean = sum(sum(counts.values()) for counts in self._counts.values()) / max(total, 1)
        holding = Counter(word for counts in self._counts.values() for word in counts)
        self._rarity = {word: log(1 + (total - held + 0.5) / (held + 0.5)) for word, held in holding.items()}
        for key, counts in self._counts.items():
            long = 1 - LENGTH + LENGTH * sum(counts.values()) / mean
            for word, count in counts.items():
                weight = self._rarity[word] * count * (SATURATION + 1) / (count + SATURATION * long)
                self._postings.setdefault(word, []).append((key, weight))

    def ask(self, words: Mapping[str, float]) -> list[Hit]:
        """The documents that share words with a question, the best first; each word counts by its weight."""
        found: dict[str, dict[str, float]] = {}
        for word, weight in words.items():
            for key, value in self._postings.get(word, ()):
                found.setdefault(key, {})[word] = value * weight
        hits = [
            Hit(key, sum(shares.values()), dict(sorted(shares.items(), key=lambda one: -one[1])))
            for key, shares in found.items()
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.key))

    def rarity(self, word: str) -> float:
        """How much it says that a document holds this word; a word that none holds says the most."""
        return self._rarity.get(word, log(1 + 2 * len(self._counts)))
