"""The arithmetic of the tables: medians with their spread, and ratios between runs that were made in turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some figures, the least and the greatest."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, figures: Iterable[float]) -> Spread:
        """Of at least one figure."""
        known = sorted(figures)
        return cls(median(known), known[0], known[-1])


def rates(tokens: int, seconds: Sequence[float]) -> Spread:
    """Tokens a second, of the same tokens in each repeat."""
    return Spread.of(tokens / each for each in seconds)


def ratio(slower: Sequence[float], faster: Sequence[float]) -> Spread:
    """How many times as fast the second was, repeat by repeat: what disturbs a repeat disturbs both."""
    return Spread.of(one / other for one, other in zip(slower, faster, strict=True))


def best(candidates: Mapping[str, Sequence[float]]) -> str:
    """The name of the candidate with the least median of seconds."""
    return min(candidates, key=lambda name: median(candidates[name]))


def added(parts: Iterable[Sequence[float]]) -> list[float]:
    """Seconds of several sets, repeat by repeat."""
    return [sum(repeat) for repeat in zip(*parts, strict=True)]
