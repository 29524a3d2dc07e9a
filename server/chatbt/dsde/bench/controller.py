"""What the controller costs: signals and policy, by round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from chatbt.dsde.bench.prompts import Prompt
from chatbt.dsde.bench.runners import Own


@dataclass(frozen=True, slots=True)
class Share:
    """Seconds of the controller in a round, and of the whole round."""

    controller: float
    round: float

    def as_dict(self) -> dict[str, float]:
        """For JSON."""
        return {"controller": self.controller, "round": self.round, "share": self.controller / self.round}


class _Watch:
    """Adds up the time of the functions it wraps."""

    def __init__(self, device: torch.device, clock: Callable[[], float]) -> None:
        self.seconds = 0.0
        self.calls = 0
        self._clock = clock
        self._wait: Callable[[], None] = torch.cuda.synchronize if device.type == "cuda" else _nothing

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any) -> Any:
            self._wait()
            began = self._clock()
            result = function(*arguments)
            self._wait()
            self.seconds += self._clock() - began
            self.calls += 1
            return result

        return watched


def _nothing() -> None:
    """A processor is always done."""


def controller(own: Own, prompts: Sequence[Prompt], longest: int) -> Share:
    """Measured in a run of its own, as looking costs something too."""
    decoder = own.engine._scheduler.decoder
    inside, rounds = (_Watch(decoder.device, decoder.clock.now) for _ in range(2))
    parts = ((decoder, "_learn"), (decoder.policy, "limit"), (decoder.policy, "begin"), (decoder.policy, "keep_going"))
    for watch, holder, name in (*((inside, *part) for part in parts), (rounds, decoder, "round")):
        setattr(holder, name, watch(getattr(holder, name)))
    try:
        own.answer([prompt.tokens for prompt in prompts], longest, 0.0)
    finally:
        for holder, name in (*parts, (decoder, "round")):
            delattr(holder, name)
    return Share(inside.seconds / rounds.calls, rounds.seconds / rounds.calls)
