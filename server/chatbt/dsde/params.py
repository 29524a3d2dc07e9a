"""What a request may ask of the decoding, and what it gets back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from chatbt.dsde.errors import RequestError

Finish = Literal["stop", "length", "cancelled", "deadline", "error"]
"""Why a sequence ended: its end token or a stop string, its token limit or the context, or not by itself."""


@dataclass(frozen=True, slots=True)
class SamplingParams:
    """How tokens are chosen. Temperature 0 is greedy.

    With a `seed`, the random numbers depend on it and the position alone, and drafts are accepted by a rule that does
    not depend on what was drafted: the same text whatever the neighbours (in float32). Without one, the usual
    rejection rule accepts a little more.
    """

    max_tokens: int = 256
    temperature: float = 0.0
    top_k: int = 0
    """0: all tokens."""
    top_p: float = 1.0
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    stop: tuple[str, ...] = ()
    """The text ends before the first of these."""
    seed: int | None = None
    ignore_eos: bool = False

    def __post_init__(self) -> None:
        for holds, what in (
            (self.max_tokens >= 1, f"max_tokens is {self.max_tokens}; it must be at least 1"),
            (0 <= self.temperature <= 100, f"temperature is {self.temperature}; it must be from 0 to 100"),
            (self.top_k >= 0, f"top_k is {self.top_k}; it must be 0 (off) or more"),
            (0 < self.top_p <= 1, f"top_p is {self.top_p}; it must be above 0 and at most 1"),
            (0 <= self.min_p <= 1, f"min_p is {self.min_p}; it must be from 0 to 1"),
            (
                0 < self.repetition_penalty <= 100,
                f"repetition_penalty is {self.repetition_penalty}; it must be above 0",
            ),
            (not isinstance(self.stop, str), "stop is a string; it must be a tuple of strings"),
            (all(self.stop), "a stop string is empty"),
            (self.seed is None or 0 <= self.seed < 2**63, f"seed is {self.seed}; it must be from 0 to 2**63 - 1"),
        ):
            if not holds:
                raise RequestError(what)


@dataclass(slots=True)
class Stats:
    """Figures of one sequence. Times are seconds; those of a round are shared by the rows that were in it."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    """Prompt tokens taken from another request's cache."""
    tokens: int = 0
    rounds: int = 0
    drafted: int = 0
    accepted: int = 0
    drafted_at: list[int] = field(default_factory=list)
    """By place in the draft: how often a token was drafted there."""
    accepted_at: list[int] = field(default_factory=list)
    lengths: dict[int, int] = field(default_factory=dict)
    """Histogram of the speculation length."""
    divergences: list[float] = field(default_factory=list)
    """Mean KL divergence (nats) of each round that drafted."""
    ratios: list[float] = field(default_factory=list)
    """WVIR after each round that drafted."""
    first_token: float = 0.0
    """Seconds from submission to the first token."""
    total: float = 0.0
    draft_time: float = 0.0
    verify_time: float = 0.0
    host_time: float = 0.0
    plain_time: float = 0.0
    """What the same tokens would have taken without drafts, by the measured cost of a step."""

    def record(
        self,
        limit: int,
        accepted: int,
        mean: float,
        ratio: float,
        modelled: bool,
        times: tuple[float, float, float],
        plain: float,
    ) -> None:
        """Take in a round: `limit` tokens were drafted for this sequence, by a model or not; a round of plain decoding
        would have taken `plain` seconds."""
        self.rounds += 1
        self.drafted += limit
        self.accepted += accepted
        self.lengths[limit] = self.lengths.get(limit, 0) + 1
        while len(self.drafted_at) < limit:
            self.drafted_at.append(0)
            self.accepted_at.append(0)
        for place in range(limit):
            self.drafted_at[place] += 1
            self.accepted_at[place] += place < accepted
        if modelled and limit:
            self.divergences.append(mean)
            self.ratios.append(ratio)
        draft, verify, host = times
        self.draft_time += draft
        self.verify_time += verify
        self.host_time += host
        self.plain_time += (accepted + 1) * plain

    @property
    def round_time(self) -> float:
        """Seconds of all rounds."""
        return self.draft_time + self.verify_time + self.host_time

    @property
    def speedup(self) -> float:
        """An estimate: the time that plain decoding would have taken for these tokens, over that of the rounds."""
        return self.plain_time / self.round_time if self.rounds else 1.0

    @property
    def acceptance(self) -> float:
        """Accepted of drafted tokens, 0 where none were."""
        return self.accepted / self.drafted if self.drafted else 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """One finished sequence."""

    text: str
    token_ids: tuple[int, ...]
    """Without the end token and without what a stop string cut off."""
    finish: Finish
    stats: Stats
    error: str | None = None
