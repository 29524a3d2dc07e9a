"""`bench-gpu`: pairs in the shapes of real models, against what the machine and arithmetic allow."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import torch

from chatbt.dsde.bench.device import copy_bandwidth, machine, timed
from chatbt.dsde.bench.shape_lines import lines
from chatbt.dsde.bench.synthetic import PAIRS, SHAPES, Core, Numbers, agreement, calibrated, model, theirs
from chatbt.dsde.drafters.model import ModelDrafter
from chatbt.dsde.engine import DTYPES, Engine
from chatbt.dsde.models.placing import Placement
from chatbt.dsde.params import Result, SamplingParams

LONGEST = 8
ROWS = 16


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured, and how much of it."""

    place: Placement
    pairs: tuple[str, ...]
    acceptance: tuple[float, ...]
    prompt: int
    tokens: int
    repeats: int
    seed: int
    core: int
    """Components of the core."""
    copied: int
    """Bytes that are copied to measure the memory."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the subcommand."""
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--dtype", default="bfloat16", choices=sorted(DTYPES))
    parser.add_argument("--pairs", nargs="+", default=["0.5B->1.5B", "0.5B->7B"], choices=sorted(PAIRS))
    parser.add_argument("--acceptance", nargs="+", type=float, default=[0.6, 0.7, 0.8])
    parser.add_argument("--tokens", type=int, default=256, help="of each answer")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="small shapes on a CPU: does it run?")
    parser.add_argument("--json", type=Path, help="write the report here")


def main(chosen: argparse.Namespace) -> int:
    """Measure, print, and write; the exit status."""
    if chosen.small:
        torch.set_num_threads(1)
        place = Placement(torch.device("cpu"), torch.float32)
        plan = Plan(place, ("small",), tuple(chosen.acceptance), 16, 24, 1, chosen.seed, 64, 1 << 26)
    else:
        if torch.device(chosen.device).type == "cuda" and not torch.cuda.is_available():
            sys.stderr.write("bench-gpu: torch finds no GPU here; --small shows on a CPU whether it runs\n")
            return 1
        place = Placement(torch.device(chosen.device), DTYPES[chosen.dtype])
        plan = Plan(
            place,
            tuple(chosen.pairs),
            tuple(chosen.acceptance),
            64,
            chosen.tokens,
            chosen.repeats,
            chosen.seed,
            128,
            1 << 30,
        )
    report = measured(plan)
    text = json.dumps(report, indent=2)
    sys.stdout.write("\n".join(lines(report)) + "\n")
    if chosen.json:
        chosen.json.write_text(text + "\n", encoding="utf-8")
    return 0


def measured(plan: Plan) -> dict[str, Any]:
    """The report, as plain data."""
    bandwidth = copy_bandwidth(plan.copied, plan.place.device)
    return {
        "command": ["python", "-m", "chatbt.dsde", *sys.argv[1:]],
        "machine": machine(plan.place.device),
        "dtype": str(plan.place.dtype).removeprefix("torch."),
        "tokens": plan.tokens,
        "prompt tokens": plan.prompt,
        "repeats": plan.repeats,
        "copy bandwidth, bytes a second": bandwidth,
        "pairs": {name: pair(plan, name, bandwidth) for name in plan.pairs},
    }


def pair(plan: Plan, name: str, bandwidth: float) -> dict[str, Any]:
    """All figures of one pair of shapes."""
    small, large = (SHAPES[shape] for shape in PAIRS[name])
    place = plan.place
    core = Core(min(small.vocab, large.vocab), plan.core, plan.seed)
    target = model(large, core, 0.0, place)
    tokenizer = Numbers(large.vocab)
    generator = torch.Generator().manual_seed(plan.seed)
    prompts = [torch.randint(0, core.vocab, (plan.prompt,), generator=generator).tolist() for _ in range(ROWS)]
    settings: dict[str, Any] = {
        "ngram": False,
        "longest": LONGEST,
        "slots": ROWS,
        "context": plan.prompt + plan.tokens + 1,
        "prefixes": 0,
    }
    plain = Engine.of_models(target, None, tokenizer, **settings)
    texts = [prompts[row] + list(result.token_ids) for row, result in enumerate(answered(plain, prompts, plan.tokens))]
    runs: dict[str, Run] = {"plain": Run(plain, plan)}
    found: dict[str, dict[str, Any]] = {}
    for wanted in plan.acceptance:
        noise = calibrated(small, core, wanted, texts, plan.prompt, place)
        draft = model(small, core, noise, place)
        share, sure = agreement(draft, texts, plan.prompt)
        key = f"{wanted:g}"
        found[key] = {"noise": noise, "agreement": share, "draft's own confidence": sure}
        runs[key] = Run(Engine.of_models(target, draft, tokenizer, policy="dsde", **settings), plan)
    rivals = Rival(theirs(large, core, place), plan)
    for _ in range(plan.repeats):
        for run in (*runs.values(), rivals):
            run.time(prompts)
    floor = large.read_in_a_step * place.dtype.itemsize / bandwidth
    return {
        "floor of a step, seconds": floor,
        "plain": {**runs["plain"].told(), "share of the floor": floor * runs["plain"].rate(1)},
        "transformers": {str(batch): rivals.rate(batch) for batch in (1, ROWS)},
        "dsde": {
            key: {**told, **compared(runs[key], runs["plain"], rivals, told["agreement"])}
            for key, told in found.items()
        },
    }


class Rival:
    """`generate` of transformers without compilation, greedy."""

    def __init__(self, theirs: Any, plan: Plan) -> None:
        self.theirs, self.plan = theirs, plan
        self.seconds: dict[int, list[float]] = {1: [], ROWS: []}

    def time(self, prompts: list[list[int]]) -> None:
        """One prompt alone, then all together."""
        for batch, seconds in self.seconds.items():
            seconds.append(timed(partial(self._generate, prompts[:batch]), self.plan.place.device))

    def _generate(self, prompts: list[list[int]]) -> None:
        given = torch.tensor(prompts, device=self.plan.place.device)
        length = self.plan.tokens
        with torch.inference_mode():
            self.theirs.generate(
                given,
                attention_mask=torch.ones_like(given),
                max_new_tokens=length,
                min_new_tokens=length,
                do_sample=False,
                pad_token_id=0,
            )

    def rate(self, batch: int) -> float:
        """Tokens a second of all rows together, with the reading of the prompts."""
        return batch * self.plan.tokens / median(self.seconds[batch])


class Run(Rival):
    """The same by an engine, with what it tells of itself."""

    def __init__(self, engine: Engine, plan: Plan) -> None:
        super().__init__(None, plan)
        self.engine = engine
        self.decoder = engine._scheduler.decoder
        self.recorded = self.captures
        self.results: dict[int, list[Result]] = {}
        self.parts: dict[int, dict[str, float]] = {}

    @property
    def captures(self) -> int:
        """Steps recorded so far."""
        return sum(runner.recorded.captures for runner in self._runners() if runner.recorded is not None)

    def _runners(self) -> Iterator[Any]:
        yield self.decoder.target
        if isinstance(self.decoder.drafter, ModelDrafter):
            yield self.decoder.drafter.runner

    def _generate(self, prompts: list[list[int]]) -> None:
        clock = self.decoder.clock
        before = dict(clock.spent)
        self.results[len(prompts)] = answered(self.engine, prompts, self.plan.tokens)
        self.parts[len(prompts)] = {name: clock.spent[name] - before[name] for name in before}

    def told(self) -> dict[str, Any]:
        """Rates, parts of the time, and what must be nothing."""
        told: dict[str, Any] = {"recorded after the warm-up": self.captures - self.recorded}
        for batch in (1, ROWS):
            parts = self.parts[batch]
            told[str(batch)] = {
                "tokens a second": self.rate(batch),
                "spread": sorted(batch * self.plan.tokens / each for each in self.seconds[batch]),
                "parts of a round": {name: seconds / sum(parts.values()) for name, seconds in parts.items()},
            }
        return told


def compared(run: Run, plain: Run, rivals: Rival, agreement: float) -> dict[str, Any]:
    """DSDE beside plain decoding, transformers, and what is possible at this acceptance and price of a draft step."""
    stats = [result.stats for result in run.results[ROWS]]
    first = sum(each.accepted_at[0] for each in stats if each.drafted_at)
    acceptance = first / max(1, sum(each.drafted_at[0] for each in stats if each.drafted_at))
    costs = run.decoder.costs
    price = costs.draft[1] / costs.verify[1, 1]
    same = [one.token_ids == other.token_ids for one, other in zip(run.results[1], plain.results[1], strict=True)]
    told = run.told()
    for batch in (1, ROWS):
        keeping = keep_going(run, batch)
        own = told[str(batch)]
        rounds = max(result.stats.rounds for result in run.results[batch])
        steps = sum(length * count for length, count in run.results[batch][0].stats.lengths.items()) / rounds
        whole = sum(run.parts[batch].values()) / rounds
        own["controller share"] = own["parts of a round"]["learn"] + keeping * steps / whole
        own["over plain"] = run.rate(batch) / plain.rate(batch)
        own["over transformers at this batch"] = run.rate(batch) / rivals.rate(batch)
    return {
        **told,
        "acceptance of first places": acceptance,
        "draft step over target step": price,
        "ceiling over plain": ceiling(agreement, price),
        "tokens a round": sum(each.tokens for each in stats) / sum(each.rounds for each in stats),
        "answer of plain decoding": all(same),
        "16 rows over one stream of transformers": run.rate(ROWS) / rivals.rate(1),
    }


def ceiling(acceptance: float, price: float) -> float:
    """The best E(k) / (1 + k c): each token accepted alike, and nothing costs but the two models' steps."""
    lengths = range(LONGEST + 1)
    return max(sum(acceptance**place for place in range(k + 1)) / (1 + k * price) for k in lengths)


@torch.inference_mode()
def keep_going(run: Run, batch: int, times: int = 50) -> float:
    """Seconds that the policy adds to a draft step, recorded where steps are."""
    runner = run.decoder.target
    device = run.plan.place.device
    logits = torch.zeros(batch, runner.model.config.vocab, device=device)

    def step() -> None:
        run.decoder.policy.keep_going(logits, 0)

    def repeated() -> None:
        for _ in range(times):
            if runner.recorded is None:
                step()
            else:
                runner.recorded.play(("keep going", batch), step)

    repeated()
    return timed(repeated, device) / times


def answered(engine: Engine, prompts: Sequence[Sequence[int]], tokens: int) -> list[Result]:
    """Greedy answers of exactly so many tokens."""
    return engine.generate(list(prompts), SamplingParams(max_tokens=tokens, ignore_eos=True))
