"""What the tests of decoding share: prompts, forced lengths, and the judgement whether two answers are the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from chatbt.dsde import Engine, Event, Result
from chatbt.dsde.costs import Costs
from chatbt.dsde.decoder import Decoder
from chatbt.dsde.drafters.combined import CombinedDrafter
from chatbt.dsde.drafters.model import ModelDrafter
from chatbt.dsde.policies.base import Policy
from chatbt.dsde.scheduler import Scheduler
from chatbt.dsde.signals import Signals
from tests.dsde.tiny import VOCAB, Pair, Tiny, hub, reference

NEAR_TIE = 1e-4
"""Between float32 logits no further apart rounding may decide."""


class Forced(Policy):
    """Lengths from a schedule, whatever was seen."""

    def __init__(self, longest: int, schedule: Callable[[int], int]) -> None:
        super().__init__(0, torch.device("cpu"), longest)
        self.schedule = schedule

    def limit(self, signals: Signals, costs: Costs, batch: int) -> Tensor:  # noqa: ARG002
        return torch.tensor([self.schedule(self.longest) for _ in range(batch)])


def at_random(seed: int) -> Callable[[int], int]:
    """A schedule of lengths from 0 to the longest."""
    chance = random.Random(seed)
    return lambda longest: chance.randint(0, longest)


def force(engine: Engine, schedule: Callable[[int], int]) -> Engine:
    """Let `engine` draft by `schedule`."""
    decoder = decoder_of(engine)
    drafter = model_drafter(engine)
    decoder.policy = drafter.policy = Forced(drafter.longest, schedule)
    return engine


def scheduler_of(engine: Engine) -> Scheduler:
    """The engine's scheduler."""
    return engine._scheduler


def decoder_of(engine: Engine) -> Decoder:
    """The engine's decoder."""
    return scheduler_of(engine).decoder


def model_drafter(engine: Engine) -> ModelDrafter:
    """The part of the engine's drafter that runs a model."""
    drafter = decoder_of(engine).drafter
    if isinstance(drafter, CombinedDrafter):
        return drafter.model
    assert isinstance(drafter, ModelDrafter)
    return drafter


def sharp(tiny: Tiny, pair: Pair) -> Pair:
    """The pair with logits five times as large: the same greedy answers, and a draft that is sure of itself."""
    made = []
    for folder in (pair.target, pair.draft):
        sharper = tiny.folder / f"sharp-{folder.name}"
        if not sharper.exists():
            model: Any = hub.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
            with torch.no_grad():
                model.lm_head.weight.mul_(5.0)
            model.save_pretrained(sharper)
            hub.AutoTokenizer.from_pretrained(folder).save_pretrained(sharper)
        made.append(sharper)
    return Pair(*made)


def prompts(count: int, seed: int = 0, longest: int = 40) -> list[list[int]]:
    """Prompts of different lengths, some of which repeat themselves; the first has one token."""
    chance = random.Random(seed)
    made = [[chance.randrange(1, VOCAB)]]
    while len(made) < count:
        words = [chance.randrange(1, VOCAB) for _ in range(chance.randint(1, longest))]
        made.append((words * 3)[:longest] if chance.random() < 0.5 else words)
    return made


def tokens(results: Iterable[Result]) -> list[tuple[int, ...]]:
    """The tokens of each result."""
    return [result.token_ids for result in results]


def same(
    target: Path,
    asked: list[list[int]],
    left: list[tuple[int, ...]],
    right: list[tuple[int, ...]],
    tie: float = NEAR_TIE,
) -> bool:
    """Whether the answers are equal, but for what follows a place where the target's two best are `tie` apart."""
    return all(_same(target, *each, tie) for each in zip(asked, left, right, strict=True))


def _same(target: Path, prompt: list[int], left: tuple[int, ...], right: tuple[int, ...], tie: float) -> bool:
    if left == right:
        return True
    at = next((at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    first, second = reference(target, [prompt + list(left[:at])])[0, -1].topk(2).values.tolist()
    return bool(first - second < tie)


def run(engine: Engine) -> dict[int, list[Event]]:
    """Step until nothing is left; what happened to each request."""
    seen: dict[int, list[Event]] = {}
    while not engine.idle:
        for event in engine.step():
            seen.setdefault(event.id, []).append(event)
    return seen


def ended(events: list[Event]) -> Result:
    """The one result at the end of a request's events."""
    (result,) = [event.result for event in events if event.result is not None]
    assert events[-1].result is result
    return result


def steps(engine: Engine, count: int) -> list[Event]:
    """What happens in so many steps."""
    return [event for _ in range(count) for event in engine.step()]


class Padded:
    """Makes a runner compute as it would with CUDA graphs: few shapes, and rows that are there only to fill them up."""

    def __init__(self, runner: Any) -> None:
        self._eager = runner.run
        self._runner = runner
        runner.graphs = True
        runner.run = self

    def __call__(self, given: Tensor, **settings: Any) -> Tensor:
        runner = self._runner
        assert given.shape[0] == runner.batch(given.shape[0])
        assert given.shape[1] == runner.width(given.shape[1])
        span = runner.span(settings.pop("needed"))
        rows = slice(0, given.shape[0])
        assert int(runner.cache.lengths[rows].max()) + settings["offset"] + given.shape[1] <= runner.cache.span
        result: Tensor = runner.model.forward(given, runner.cache, rows, span=span, **settings)
        return result
