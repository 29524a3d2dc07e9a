"""Several prompts together: tokens a second in all, with the batch cap and without, beside AdaEDL row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chatbt.dsde.bench.checks import differences
from chatbt.dsde.bench.controller import controller
from chatbt.dsde.bench.engines import MODEL, PLAIN, Pair
from chatbt.dsde.bench.figures import Spread, rates, ratio
from chatbt.dsde.bench.measuring import Row, measure
from chatbt.dsde.bench.options import Options
from chatbt.dsde.bench.prompts import Prompt
from chatbt.dsde.bench.runners import TRANSFORMERS, Own, Transformers, load_transformers
from chatbt.dsde.bench.singles import told

POLICIES = ("dsde", "dsde-uncapped", "adaedl")


def batches(options: Options, pair: Pair, prompts: Sequence[Prompt]) -> dict[str, Any]:
    """The table, by size of the batch. All sizes answer the same prompts."""
    slots = max(options.batches)
    runners: list[Own] = [pair.plain(slots)]
    for policy in POLICIES if pair.draft is not None else ():
        runners.append(pair.batched(policy, policy, slots=slots))
        runners.append(pair.batched(policy + MODEL, policy, slots=slots, ngram=False))
    if pair.draft is None:
        runners.append(pair.batched("dsde", "dsde", slots=slots))
    asked = spread_out(prompts, slots)
    rows = {
        size: measure(
            runners,
            [tuple(asked[at : at + size]) for at in range(0, len(asked), size)],
            rounds=options.rounds,
            longest=options.tokens,
            clock=options.clock,
        )["all"]
        for size in options.batches
    }
    judge = Transformers(TRANSFORMERS, load_transformers(options.target, options.device, options.dtype))
    end = min(judge.ends)
    first = rows[options.batches[0]][PLAIN]
    different = [
        told(each) | {"batch": size}
        for size, own in rows.items()
        for each in differences("all", {**own, "alone": first}, "alone", asked, end, judge.gap)
    ]
    alone = rows[options.batches[0]]
    return {
        "sizes": {str(size): _size(own, alone, options.batches[0]) for size, own in rows.items()},
        "differences": different,
        "controller": {
            f"{runner.name}, batch {size}": controller(runner, asked[:size], options.tokens).as_dict()
            for runner in runners[1:3]
            for size in sorted({options.batches[0], slots})
        },
    }


def spread_out(prompts: Sequence[Prompt], count: int) -> list[Prompt]:
    """So many prompts, the sets mixed; from the beginning again where there are too few."""
    groups = list(dict.fromkeys(prompt.group for prompt in prompts))
    own = {group: [prompt for prompt in prompts if prompt.group == group] for group in groups}
    mixed = [own[groups[at % len(groups)]] for at in range(count)]
    return [Prompt("all", one[at // len(groups) % len(one)].tokens) for at, one in enumerate(mixed)]


def _size(rows: dict[str, Row], alone: dict[str, Row], least: int) -> dict[str, Any]:
    made: dict[str, Spread] = {}
    for kind in ("", MODEL):
        if f"dsde{kind}" not in rows:
            continue
        for rival in (PLAIN, f"dsde-uncapped{kind}", f"adaedl{kind}"):
            if rival in rows:
                made[f"dsde{kind} / {rival}"] = ratio(rows[rival].seconds, rows[f"dsde{kind}"].seconds)
    for name in (PLAIN, "dsde"):
        made[f"{name} / {name} at batch {least}"] = ratio(alone[name].seconds, rows[name].seconds)
    return {
        "runners": {name: row.as_dict() for name, row in rows.items()},
        "tokens a second": {name: rates(row.tokens, row.seconds) for name, row in rows.items()},
        "ratios": made,
    }
