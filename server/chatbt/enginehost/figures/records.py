"""One finished request in figures, and many of them in fewer."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatbt.dsde import Result

FAILED = frozenset({"error", "deadline"})
"""How an answer ends that was not given as asked for."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What a request cost. `at` is the time of day, for people; nothing is computed from it."""

    purpose: str
    finish: str
    prompt_tokens: int = 0
    tokens: int = 0
    rounds: int = 0
    drafted: int = 0
    accepted: int = 0
    divergence: float | None = None
    stability: float | None = None
    speedup: float = 1.0
    first_token: float | None = None
    seconds: float = 0.0
    waiting: int = 0
    """How many were waiting when it ended."""
    at: float = field(default_factory=time.time)

    @classmethod
    def of(cls, purpose: str, result: Result, waiting: int) -> Finished:
        """A request that the engine has ended."""
        stats = result.stats
        return cls(
            purpose=purpose,
            finish=result.finish,
            prompt_tokens=stats.prompt_tokens,
            tokens=stats.tokens,
            rounds=stats.rounds,
            drafted=stats.drafted,
            accepted=stats.accepted,
            divergence=mean(stats.divergences),
            stability=mean(stats.ratios),
            speedup=stats.speedup,
            first_token=stats.first_token or None,
            seconds=stats.total,
            waiting=waiting,
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """Many requests together; None where there is nothing to tell it from."""

    requests: int
    failed: int
    tokens: int
    tokens_per_second: float | None
    """Of an answer, in the mean."""
    acceptance: float | None
    speculation_length: float | None
    divergence: float | None
    stability: float | None
    speedup: float | None
    first_token_median: float | None
    first_token_p95: float | None


def summary(many: Iterable[Finished]) -> Summary:
    """What they come to."""
    told = list(many)
    seconds, drafted = sum(each.seconds for each in told), sum(each.drafted for each in told)
    rounds, tokens = sum(each.rounds for each in told), sum(each.tokens for each in told)
    first = sorted(each.first_token for each in told if each.first_token is not None)
    return Summary(
        requests=len(told),
        failed=sum(each.finish in FAILED for each in told),
        tokens=tokens,
        tokens_per_second=tokens / seconds if seconds else None,
        acceptance=sum(each.accepted for each in told) / drafted if drafted else None,
        speculation_length=drafted / rounds if rounds else None,
        divergence=mean([each.divergence for each in told if each.divergence is not None]),
        stability=mean([each.stability for each in told if each.stability is not None]),
        speedup=mean([each.speedup for each in told if each.rounds]),
        first_token_median=quantile(first, 0.5),
        first_token_p95=quantile(first, 0.95),
    )


def mean(values: Sequence[float]) -> float | None:
    """None of none."""
    return sum(values) / len(values) if values else None


def quantile(ordered: Sequence[float], part: float) -> float | None:
    """The value below which that part of `ordered` lies."""
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else None
