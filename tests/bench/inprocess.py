"""What a keystroke costs inside the checker: the rows of `keystroke` without a process, a protocol or a
client.

    python -m tests.bench.inprocess [--sizes 1000 10000] [--samples 40] [--profile ROW] [--json PATH]

Each edit is made in a checker that holds the file: `check` is the edit, chunks found, analysed and linked;
`show` is putting the findings together afterwards. `build` makes the checker, `ast.parse` reads the whole
text and stands there for scale. All rules are on. With `--profile`, that row of the largest size asked for
runs under cProfile instead, 400 edits, and the functions that took longest are listed.

Times are milliseconds, median (p90).
"""

from __future__ import annotations

import argparse
import ast
import cProfile
import pstats
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import cycle

from chatbt.source.document import Document, Position, Range
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import problems
from chatbt.workspace.profile import Profile
from tests.bench import corpus, report
from tests.bench.corpus import SIZES, Change, Sample, Scenario

BUILDS = 5
PROFILED_EDITS = 400

Times = dict[str, list[float]]


def checker(sample: Sample) -> Checker:
    return Checker(Document.from_text("sample.py", sample.text), Profile(frozenset(patterns())))


def edits(scenario: Scenario, count: int) -> Iterator[tuple[str, Change]]:
    """Typing and taking back, place after place: the row's name and the change."""
    toggles = cycle(scenario.toggles)
    for _ in range(0, count, 2):
        toggle = next(toggles)
        yield scenario.name, toggle.do
        yield scenario.undone, toggle.undo


def edit(subject: Checker, change: Change) -> None:
    (line, column), (end_line, end_column) = change.start, change.end
    subject.edit(Range(Position(line + 1, column), Position(end_line + 1, end_column)), change.text)


def measure(sample: Sample, samples: int) -> Times:
    times: Times = defaultdict(list)
    for _ in range(BUILDS):
        began = time.perf_counter()
        ast.parse(sample.text)
        parsed = time.perf_counter()
        subject = checker(sample)
        times["build"].append((time.perf_counter() - parsed) * 1000)
        times["ast.parse"].append((parsed - began) * 1000)
    for scenario in sample.scenarios:
        for row, change in edits(scenario, samples if scenario.undone == scenario.name else 2 * samples):
            began = time.perf_counter()
            edit(subject, change)
            checked = time.perf_counter()
            problems(subject)
            times[f"{row}: show"].append((time.perf_counter() - checked) * 1000)
            times[f"{row}: check"].append((checked - began) * 1000)
    return times


def profile(sample: Sample, row: str) -> None:
    """The functions that take longest, by their own time and by that of what they call."""
    scenario = next(one for one in sample.scenarios if row in (one.name, one.undone))
    subject = checker(sample)
    profiler = cProfile.Profile()
    for _, change in edits(scenario, PROFILED_EDITS):
        profiler.enable()
        edit(subject, change)
        problems(subject)
        profiler.disable()
    statistics = pstats.Stats(profiler, stream=sys.stdout)
    for order in ("tottime", "cumulative"):
        statistics.sort_stats(order).print_stats(25)


def main() -> None:
    options = report.parser(__doc__)
    options.add_argument("--sizes", type=int, nargs="+", choices=SIZES, default=list(SIZES))
    options.add_argument("--samples", type=int, default=40)
    options.add_argument("--profile", metavar="ROW", help="a row's name, such as 'its repair'")
    arguments: argparse.Namespace = options.parse_args()
    if arguments.profile:
        profile(corpus.sample(max(arguments.sizes)), arguments.profile)
        return
    measured = {size: measure(corpus.sample(size), arguments.samples) for size in arguments.sizes}
    rows = list(next(iter(measured.values())))
    report.show(report.heading(f"Inside the checker, {len(patterns())} patterns"))
    report.show(
        report.table(
            ["ms, median (p90)", *(f"{size:,} lines" for size in measured)],
            [[row, *(report.spread(times[row], 90) for times in measured.values())] for row in rows],
        )
    )
    report.show(f"\nrecorded in {report.record('inprocess', arguments, measured)}")


if __name__ == "__main__":
    main()
