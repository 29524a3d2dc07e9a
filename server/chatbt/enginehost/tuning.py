"""Finding how drafting is done best for a goal: settings are tried on texts of our own, measured, and compared."""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

from chatbt.enginehost.asks import BrokenError
from chatbt.enginehost.figures.records import mean
from chatbt.enginehost.loading import Way
from chatbt.enginehost.worker import Worker

if TYPE_CHECKING:
    from chatbt.dsde import Engine

Goal = Literal["acceptance", "speedup"]
WAYS = (
    Way("dsde", 8),
    Way("dsde", 4),
    Way("dsde", 2),
    Way("fixed", 4),
    Way("fixed", 2),
    Way("fixed", 1),
    Way("adaedl", 8),
)
"""What is tried, besides what holds now."""
PROMPTS = (
    "def mean(values):\n    total = 0\n    for value in values:\n",
    "class Stack:\n    def __init__(self):\n        self.items = []\n\n    def push(self, item):\n",
    "# Read a file line by line and count the words.\nfrom collections import Counter\n\n",
)
TOKENS, REPEATS = 32, 2


@dataclass(frozen=True, slots=True)
class Tried:
    """A way of drafting, measured beside plain decoding of the same texts."""

    policy: str
    longest: int
    tokens_per_second: float
    speedup: float
    acceptance: float
    speculation_length: float
    divergence: float | None

    @property
    def way(self) -> Way:
        """What was tried."""
        return Way(self.policy, self.longest)


@dataclass(slots=True)
class Tuning:
    """One search. `run` is for the worker's thread alone, between requests."""

    worker: Worker
    goal: Goal
    target: float
    seconds: float

    def run(self) -> dict[str, Any]:
        """The best way for the goal is in use afterwards; where none reaches it nothing is changed."""
        worker, before = self.worker, self.worker.way
        until = time.monotonic() + self.seconds
        plain = self._speed(None)
        tried: list[Tried] = []
        chosen = before
        try:
            for way in (before, *(each for each in WAYS if each != before)):
                tried.append(self._measured(way, plain))
                if time.monotonic() > until:
                    break
            if (best := self._best(tried)) is not None:
                chosen = best.way
        finally:
            use(worker, chosen)
        best = self._best(tried)
        return {
            "goal": {self.goal: self.target},
            "reached": best is not None,
            "message": self._message(best, tried, chosen, before),
            "before": asdict(before),
            "now": asdict(chosen),
            "plain_tokens_per_second": round(plain, 2),
            "tried": [asdict(each) for each in tried],
        }

    def _best(self, tried: Sequence[Tried]) -> Tried | None:
        """The fastest of those that reach the goal."""
        return max((each for each in tried if getattr(each, self.goal) >= self.target), key=_speedup, default=None)

    def _message(self, best: Tried | None, tried: Sequence[Tried], chosen: Way, before: Way) -> str:
        what = "an acceptance" if self.goal == "acceptance" else "a speed-up"
        if best is not None:
            kept = "as before" if chosen == before else f"before: {before.policy}, at most {before.longest}"
            return (
                f"{chosen.policy} with drafts of at most {chosen.longest} tokens reaches {what} of "
                f"{getattr(best, self.goal):.2f} at {best.speedup:.2f} times the speed of plain decoding ({kept})"
            )
        near = max(tried, key=lambda each: getattr(each, self.goal))
        return (
            f"nothing that was tried reaches {what} of {self.target:g}: the most was {getattr(near, self.goal):.2f}, "
            f"by {near.policy} with drafts of at most {near.longest} tokens; nothing was changed"
        )

    def _measured(self, way: Way, plain: float) -> Tried:
        figures: dict[str, Any] = {}
        speed = self._speed(way, figures)
        return Tried(way.policy, way.longest, round(speed, 2), speed / plain if plain else 1.0, **figures)

    def _speed(self, way: Way | None, figures: dict[str, Any] | None = None) -> float:
        """Tokens per second, by the median of the repeats; plain decoding without a way."""
        from chatbt.dsde import SamplingParams

        engine = use(self.worker, way)
        params = SamplingParams(max_tokens=TOKENS, ignore_eos=True)
        speeds, results = [], []
        for _ in range(REPEATS):
            began = time.perf_counter()
            results = [engine.generate([prompt], params)[0] for prompt in PROMPTS]
            speeds.append(sum(result.stats.tokens for result in results) / (time.perf_counter() - began))
        if figures is not None:
            drafted = sum(result.stats.drafted for result in results)
            rounds = sum(result.stats.rounds for result in results)
            figures["acceptance"] = sum(result.stats.accepted for result in results) / drafted if drafted else 0.0
            figures["speculation_length"] = drafted / rounds if rounds else 0.0
            figures["divergence"] = mean([each for result in results for each in result.stats.divergences])
        return median(speeds)


def use(worker: Worker, way: Way | None) -> Engine:
    """Draft in another way from now on, with the models that are loaded; not at all without a way.

    For the worker's thread alone. A way that cannot be used leaves the worker without an engine, to be loaded anew.
    """
    from chatbt.dsde import Engine

    old = worker.need()
    if way == worker.way and worker.drafts:
        return old
    assert worker.plan is not None
    target, tokenizer = old.models[0], old.tokenizer
    worker.engine = None
    del old
    gc.collect()  # its caches: two engines' would not fit
    engine = Engine.of_models(
        target,
        worker.draft if way is not None else None,
        tokenizer,
        policy=way.policy if way is not None else "fixed",
        longest=way.longest if way is not None else 1,
        ngram=way is not None,
        slots=worker.plan.slots,
    )
    worker.engine, worker.drafts = engine, way is not None
    if way is not None:
        worker.way = way
    return engine


def tunable(worker: Worker) -> None:
    """Raise `BrokenError` where there is nothing to tune."""
    worker.need()
    if worker.draft is None:
        raise BrokenError("there is no draft model: only copies from the text are drafted, and they have no settings")


def _speedup(tried: Tried) -> float:
    return tried.speedup
