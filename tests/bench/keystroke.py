"""From keystroke to diagnostics: ours and `ruff server` side by side.

    python -m tests.bench.keystroke [--sizes 200 1000] [--samples 40] [--pause 0.02] [--pull] [--ours COMMAND]
        [--json PATH]

Both servers run at once, each with the same file open, and take turns: every edit goes to one and then to the
other, the first of the two changing each time. A sample is the time from before `didChange` is written to the
last byte of the diagnostics of that version, published by both servers (or pulled from both, with `--pull`,
where they offer it). `--pause` is the rest between edits, in seconds, in which late messages are read. The
first two edits of every row are not counted. `open` is measured in new processes that have a small file open
already. ruff has its default rules, ours all of its own.

Times are milliseconds. A row whose ratio of medians misses its goal is bold, and at 200 lines one that misses
3 ms.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from tests.bench import corpus, report, tools
from tests.bench.corpus import SIZES, Sample, Scenario
from tests.bench.lspclient import Client

WARMING_EDITS = 2
RATIO_GOALS = {"identifier, median function": 1.0, "open": 5.0}
OTHER_RATIO_GOAL = 1.5
SMALL_FILE_GOAL = 3.0

Times = dict[str, dict[str, list[float]]]
"""Milliseconds by row and server."""


class Session:
    """The servers with one file open in each, kept at the same version."""

    def __init__(self, clients: dict[str, Client], uri: str, turn: int = 0) -> None:
        self.clients = clients
        self.uri = uri
        self.version = 0
        self.turn = turn

    def open(self, sample: Sample) -> dict[str, float]:
        self.version = 1
        return self._each(lambda client: client.open(self.uri, sample.text, self.version))

    def change(self, change: corpus.Change) -> dict[str, float]:
        self.version += 1
        return self._each(lambda client: client.change(self.uri, self.version, change))

    def _each(self, send: Callable[[Client], None]) -> dict[str, float]:
        """Milliseconds of every server, in turn. Who begins alternates, whether typing or taking back."""
        took = {}
        for name in sorted(self.clients, reverse=bool((self.turn ^ self.turn >> 1) & 1)):
            client = self.clients[name]
            began = time.perf_counter()
            send(client)
            took[name] = (client.diagnostics(self.uri, self.version).arrived - began) * 1000
        self.turn += 1
        return took

    def rest(self, seconds: float) -> None:
        for client in self.clients.values():
            client.drain(seconds / len(self.clients))

    def count(self) -> dict[str, int]:
        return {name: len(client.diagnostics(self.uri, self.version).value) for name, client in self.clients.items()}


def keystrokes(session: Session, scenario: Scenario, samples: int, pause: float, times: Times) -> None:
    """Type and take back, place after place, until either row has its samples."""
    edits = samples if scenario.undone == scenario.name else 2 * samples
    for number in range(0, edits + WARMING_EDITS, 2):
        toggle = scenario.toggles[number // 2 % len(scenario.toggles)]
        for row, change in ((scenario.name, toggle.do), (scenario.undone, toggle.undo)):
            took = session.change(change)
            session.rest(pause)
            if number >= WARMING_EDITS:
                for name, milliseconds in took.items():
                    times[row][name].append(milliseconds)


def measure(sample: Sample, programs: tuple[tools.Program, ...], arguments: argparse.Namespace) -> dict[str, Any]:
    times: Times = defaultdict(lambda: defaultdict(list))
    with tools.started(programs, pull=arguments.pull) as clients:
        session = Session(clients, f"{next(iter(clients.values())).root.as_uri()}/sample.py")
        session.open(sample)
        session.rest(1.0)
        found = session.count()
        for scenario in sample.scenarios:
            keystrokes(session, scenario, arguments.samples, arguments.pause, times)
        left = session.count()
        if left != found:
            raise SystemExit(f"{sample.name}: {found} diagnostics before the edits, {left} after they were taken back")
        repeats = {name: client.published[session.uri].repeats for name, client in clients.items() if not client.pull}
    for turn in range(arguments.opens):
        for name, milliseconds in opened(sample, programs, arguments.pull, turn).items():
            times["open"][name].append(milliseconds)
    return {"diagnostics": found, "repeated": repeats, "milliseconds": times}


def opened(sample: Sample, programs: tuple[tools.Program, ...], pull: bool, turn: int) -> dict[str, float]:
    with tools.started(programs, pull=pull) as clients:
        root = next(iter(clients.values())).root.as_uri()
        for name, text in (("small", corpus.sample(SIZES[0])), ("large", sample)):
            session = Session(clients, f"{root}/{name}.py", turn)
            took = session.open(text)
            session.rest(0.5)
        return took


def tables(results: dict[int, dict[str, Any]]) -> str:
    """Every row once, `ours / ruff` medians, p90 and ratio for each size."""
    rows = list(next(iter(results.values()))["milliseconds"])
    medians = [[row, *(pair(result["milliseconds"][row]) for result in results.values())] for row in rows]
    ratios = [[row, *(ratio(size, row, r["milliseconds"][row]) for size, r in results.items())] for row in rows]
    names = [f"{size:,} lines" for size in results]
    return "\n\n".join(
        (
            "Ours / ruff server, ms, median (p90):",
            report.table(["", *names], medians),
            "Ratio of medians (bold: over its goal):",
            report.table(["", *names], ratios),
        )
    )


def pair(times: dict[str, list[float]]) -> str:
    """`ours / ruff`, each as median (p90)."""
    return " / ".join(report.spread(times[name], 90) for name in ("ours", "ruff"))


def ratio(size: int, row: str, times: dict[str, list[float]]) -> str:
    """The ratio of medians, bold when it misses the goal of its row or the small file's absolute one."""
    ours, ruff = report.median(times["ours"]), report.median(times["ruff"])
    small = size == SIZES[0] and row != "open"
    met = ours <= SMALL_FILE_GOAL if small else ours / ruff <= RATIO_GOALS.get(row, OTHER_RATIO_GOAL)
    return f"{ours / ruff:.2f}" if met else f"**{ours / ruff:.2f}**"


def main() -> None:
    options = report.parser(__doc__)
    options.add_argument("--sizes", type=int, nargs="+", choices=SIZES, default=list(SIZES))
    options.add_argument("--samples", type=int, default=40, help="counted edits of each row")
    options.add_argument("--opens", type=int, default=5)
    options.add_argument("--pause", type=float, default=0.02, help="seconds between edits")
    options.add_argument("--pull", action="store_true", help="pull diagnostics where the server offers it")
    options.add_argument("--ours", help="another stdio server in place of ours, as one command line")
    arguments = options.parse_args()
    programs = tools.servers(arguments.ours)
    results: dict[int, dict[str, Any]] = {}
    for size in arguments.sizes:
        report.progress(len(results), f"{size} lines")
        results[size] = measure(corpus.sample(size), programs, arguments)
    report.show(report.heading("Keystroke to diagnostics"))
    report.show(tables(results))
    report.show("")
    for size, result in results.items():
        report.show(f"{size:,} lines: diagnostics {result['diagnostics']}, sets published again {result['repeated']}")
    path = report.record("keystroke", arguments, results)
    report.show(f"\nrecorded in {path}")


if __name__ == "__main__":
    main()
