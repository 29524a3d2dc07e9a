"""One prompt at a time: the engine beside transformers, llama.cpp, fixed lengths and other policies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chatbt.dsde.bench import llama
from chatbt.dsde.bench.checks import Difference, differences
from chatbt.dsde.bench.controller import controller
from chatbt.dsde.bench.engines import COPIES, MODEL, PLAIN, Pair, fixed
from chatbt.dsde.bench.figures import Spread, added, best, ratio
from chatbt.dsde.bench.measuring import Row, Rows, measure
from chatbt.dsde.bench.options import Options
from chatbt.dsde.bench.prompts import Prompt
from chatbt.dsde.bench.runners import ASSISTED, TRANSFORMERS, Own, Runner, Transformers, load_transformers
from chatbt.dsde.policies import policies

SAME_AT_ONE = {"fixed", "dsde-uncapped"}
"""Policies that one row alone need not be measured with: swept apart, or without a batch to cap."""


def runners(options: Options, pair: Pair, folder: Path) -> Iterator[Runner]:
    """All that answer, plain decoding and transformers first. `folder` is for files of a while."""
    yield pair.plain()
    target = load_transformers(options.target, options.device, options.dtype)
    yield Transformers(TRANSFORMERS, target)
    if options.draft is not None:
        yield Transformers(ASSISTED, target, load_transformers(options.draft, options.device, options.dtype))
    if options.device == "cpu":
        yield from llama.runners(options, folder, pair.context)
    yield pair.own(COPIES, "fixed", model=False)
    for length in options.lengths:
        yield from pair.both("fixed", length, fixed(length))
    for policy in options.policies or policies():
        if policy not in SAME_AT_ONE:
            yield from pair.both(policy)


def singles(options: Options, pair: Pair, prompts: Sequence[Prompt]) -> dict[str, Any]:
    """The table, as it is written to JSON."""
    with TemporaryDirectory() as folder:
        return _measured(options, list(runners(options, pair, Path(folder))), prompts)


def _measured(options: Options, every: list[Runner], prompts: Sequence[Prompt]) -> dict[str, Any]:
    rows = measure(
        every, [(prompt,) for prompt in prompts], rounds=options.rounds, longest=options.tokens, clock=options.clock
    )
    reference = next(runner for runner in every if isinstance(runner, Transformers))
    end = min(reference.ends)
    found = chain.from_iterable(
        differences(group, own, PLAIN, [prompt for prompt in prompts if prompt.group == group], end, reference.gap)
        for group, own in rows.items()
    )
    return {
        "sets": {group: {name: row.as_dict() for name, row in own.items()} for group, own in rows.items()},
        "ratios": {group: ratios(own, options) for group, own in rows.items()},
        "mixture": ratios(mixed(rows), options),
        "one length for all": _one_for_all(rows, options) if options.draft is not None else {},
        "differences": [told(each) for each in found],
        "controller": {
            runner.name: controller(runner, prompts, options.tokens).as_dict()
            for runner in every
            if isinstance(runner, Own) and runner.name in {"dsde", "dsde" + MODEL}
        },
    }


def mixed(rows: Rows) -> dict[str, Row]:
    """All sets as one."""
    names = next(iter(rows.values()))
    return {
        name: Row(
            [answer for own in rows.values() for answer in own[name].answers],
            added(own[name].seconds for own in rows.values()),
            added(own[name].rounds for own in rows.values()),
        )
        for name in names
    }


def ratios(rows: dict[str, Row], options: Options) -> dict[str, Any]:
    """How many times as fast the one is as the other, "faster / slower": whole answers, the prompt included."""
    main = "dsde" if "dsde" in rows else COPIES
    wanted = [
        (PLAIN, TRANSFORMERS),
        (main, PLAIN),
        (main, TRANSFORMERS),
        (main, ASSISTED),
        ("dsde" + MODEL, PLAIN),
        (main, COPIES),
        *((main, name) for name in rows if name.startswith("llama.cpp")),
    ]
    made = {f"{one} / {other}": _over(rows, other, one) for one, other in wanted if {one, other} <= rows.keys()}
    if rows[main].rounds[0]:
        made[f"{main} / {PLAIN}, in rounds"] = Spread.of(
            [plain / own for plain, own in zip(rows[PLAIN].rounds, rows[main].rounds, strict=True)]
        )
    for kind in ("", MODEL):
        if f"dsde{kind}" in rows and options.lengths:
            length = fixed_best(rows, options.lengths, kind)
            made[f"dsde{kind} / {length}, the best length"] = _over(rows, length, f"dsde{kind}")
    return made


def _one_for_all(rows: Rows, options: Options) -> dict[str, Spread]:
    """By set, against the length that is best for all of them together."""
    length = fixed_best(mixed(rows), options.lengths, "")
    return {f"{group}: dsde / {length}": _over(own, length, "dsde") for group, own in rows.items()}


def fixed_best(rows: dict[str, Row], lengths: Sequence[int], kind: str) -> str:
    """Which fixed length was fastest."""
    return best({name: rows[name].seconds for length in lengths if (name := fixed(length) + kind) in rows})


def _over(rows: dict[str, Row], slower: str, faster: str) -> Spread:
    return ratio(rows[slower].seconds, rows[faster].seconds)


def told(difference: Difference) -> dict[str, Any]:
    """For JSON."""
    return {
        "runner": difference.runner,
        "set": difference.group,
        "prompt": difference.prompt,
        "place": difference.place,
        "gap in logits": difference.gap,
    }
