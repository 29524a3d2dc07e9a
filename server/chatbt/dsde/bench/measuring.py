"""Runs in turn: every runner answers a prompt before the next prompt is asked, in another order each time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from chatbt.dsde.bench.prompts import Prompt
from chatbt.dsde.bench.runners import Runner
from chatbt.dsde.params import Stats

Clock = Literal["wall", "cpu"]
CLOCKS: Mapping[Clock, Callable[[], float]] = {"wall": time.perf_counter, "cpu": time.process_time}
"""The processor's time of this process is what counts where others want the same processor; not on a GPU."""


@dataclass(slots=True)
class Tally:
    """The engine's own figures of many answers, added up."""

    tokens: int = 0
    rounds: int = 0
    drafted: int = 0
    accepted: int = 0
    draft: float = 0.0
    verify: float = 0.0
    host: float = 0.0
    plain: float = 0.0
    lengths: dict[int, int] = field(default_factory=dict)
    drafted_at: dict[int, int] = field(default_factory=dict)
    accepted_at: dict[int, int] = field(default_factory=dict)

    def add(self, stats: Stats) -> None:
        """One more answer."""
        self.tokens += stats.tokens
        self.rounds += stats.rounds
        self.drafted += stats.drafted
        self.accepted += stats.accepted
        self.draft += stats.draft_time
        self.verify += stats.verify_time
        self.host += stats.host_time
        self.plain += stats.plain_time
        for own, theirs in (
            (self.lengths, stats.lengths),
            (self.drafted_at, dict(enumerate(stats.drafted_at))),
            (self.accepted_at, dict(enumerate(stats.accepted_at))),
        ):
            for key, count in theirs.items():
                own[key] = own.get(key, 0) + count

    @property
    def acceptance(self) -> float:
        """Accepted of drafted tokens."""
        return self.accepted / max(self.drafted, 1)

    @property
    def progress(self) -> float:
        """Tokens a round."""
        return (self.accepted + self.rounds) / max(self.rounds, 1)

    @property
    def split(self) -> tuple[float, float, float]:
        """Parts of a round: draft, verification, host."""
        whole = max(self.draft + self.verify + self.host, 1e-9)
        return self.draft / whole, self.verify / whole, self.host / whole

    @property
    def estimate(self) -> float:
        """The engine's own estimate of what drafting gains over plain decoding."""
        return self.plain / max(self.draft + self.verify + self.host, 1e-9)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "acceptance": self.acceptance,
            "acceptance at": [self.accepted_at[at] / self.drafted_at[at] for at in sorted(self.drafted_at)],
            "tokens a round": self.progress,
            "lengths": {str(length): self.lengths[length] for length in sorted(self.lengths)},
            "draft, verify, host": self.split,
            "estimated speed-up": self.estimate,
        }


@dataclass(slots=True)
class Row:
    """What a runner did with a set: its answers in the first repeat, seconds of each repeat.

    `rounds` are the seconds of each repeat within the rounds of our engine: without reading the prompt.
    """

    answers: list[tuple[int, ...]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    rounds: list[float] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    @property
    def tokens(self) -> int:
        """Of one repeat."""
        return sum(map(len, self.answers))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        told = {"tokens": self.tokens, "seconds": self.seconds}
        return told | ({"seconds in rounds": self.rounds, **self.tally.as_dict()} if self.tally.rounds else {})


Rows = dict[str, dict[str, Row]]
"""By set, by runner."""


def measure(
    runners: Sequence[Runner],
    jobs: Sequence[tuple[Prompt, ...]],
    *,
    rounds: int,
    longest: int,
    temperature: float = 0.0,
    clock: Clock = "wall",
) -> Rows:
    """Every runner answers every job `rounds` times. A job is prompts of one set that are asked together."""
    now = CLOCKS[clock]
    groups = list(dict.fromkeys(job[0].group for job in jobs))
    for group in groups:  # to warm up, and for the engines to learn what their steps cost
        first = next(job for job in jobs if job[0].group == group)
        for runner in runners:
            runner.answer([prompt.tokens for prompt in first], longest, temperature)
    rows: Rows = {group: {runner.name: Row() for runner in runners} for group in groups}
    for repeat in range(rounds):
        for one in (row for group in rows.values() for row in group.values()):
            one.seconds.append(0.0)
            one.rounds.append(0.0)
        for number, job in enumerate(jobs):
            turn = (number + repeat) * 7 % len(runners)
            for runner in (*runners[turn:], *runners[:turn]):
                row = rows[job[0].group][runner.name]
                began = now()
                answers = runner.answer([prompt.tokens for prompt in job], longest, temperature)
                row.seconds[-1] += now() - began
                row.rounds[-1] += max((stats.round_time for stats in answers.stats), default=0.0)
                if not repeat:
                    row.answers += answers.tokens
                for stats in answers.stats:
                    row.tally.add(stats)
    return rows
