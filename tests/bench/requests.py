"""Hover, code action and resolve over real findings, suggestions and plain code: ours, and `ruff server` for scale.

    python -m tests.bench.requests [--stdlib [--sample FILES]] [--each 20] [--seed 1] [--slowest 10] [--only ours]
        [--ours COMMAND] [--json PATH]

Every file of the corpus (with `--stdlib`: of the standard library, its tests left out; with `--sample`: that many
files of it, drawn with the seed) is opened, and at up to `--each` of its findings, suggestions and lines of plain
code (0: at every finding and suggestion, and no plain code), drawn with the seed, the requests of an editor are sent:
hover, code actions, resolve of every action that comes without its edit, and hover once more. The first hover of a
file comes right behind its diagnostics, when nothing has been prepared. What changes a whole file (all safe fixes, a
suggestion everywhere) is a row of its own, and is made once a file for each pattern. ruff answers for its own
findings, so its rows are another workload; its hover has nothing to say there.

Times are milliseconds; `cpu p95` is what the server's processes used of a processor, which other work on the machine
disturbs less, `count` the number of requests, `refused` the resolves that ended in an error (no edit was made),
`empty` the answers that were null or an empty list. A p95 over its goal is bold. Below stand the slowest requests.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from heapq import nlargest
from pathlib import Path
from typing import Any

from tests.bench import report, tools
from tests.bench.lspclient import Client, Json, ServerError
from tests.bench.places import Place, drawn, of_diagnostics, of_plain_code, of_suggestions, texts

GOALS = {"hover": 5.0, "code actions": 10.0, "resolve": 25.0, "resolve a whole file": float("inf")}
"""By the row's name before its colon, at p95."""


class Tally:
    """Milliseconds, refusals and empty answers by row, and where the time went."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)
        self.cpu: dict[str, list[float]] = defaultdict(list)
        self.refused: Counter[str] = Counter()
        self.empty: Counter[str] = Counter()
        self.places: list[tuple[float, str, str]] = []

    def timed(self, row: str, where: str, client: Client, method: str, params: Json) -> Any:
        used, began = processor_ms(client.process.pid), time.perf_counter()
        try:
            answer = client.request(method, params)
        except ServerError:
            if client.process.poll() is not None:
                raise
            self._add(row, where, (time.perf_counter() - began) * 1000, processor_ms(client.process.pid) - used)
            self.refused[row] += 1
            return None
        self._add(row, where, (answer.arrived - began) * 1000, processor_ms(client.process.pid) - used)
        self.empty[row] += not answer.value
        return answer.value

    def _add(self, row: str, where: str, wall: float, cpu: float) -> None:
        self.times[row].append(wall)
        self.cpu[row].append(cpu)
        self.places.append((wall, row, where))

    def rows(self, name: str) -> Iterator[list[str]]:
        for row, times in sorted(self.times.items()):
            p50, p95 = report.median(times), report.percentile(times, 95)
            cpu = report.figure(report.percentile(self.cpu[row], 95))
            counts = (str(n) for n in (len(times), self.refused[row], self.empty[row]))
            limit = GOALS[row.partition(":")[0]] if name == "ours" else float("inf")
            yield [
                f"{name}: {row}",
                report.figure(p50),
                report.against(p95, limit),
                report.figure(max(times)),
                cpu,
                *counts,
            ]

    def slowest(self, count: int) -> Iterator[list[str]]:
        """The slowest requests of every kind that has a goal."""
        for goal in (goal for goal, limit in GOALS.items() if limit < float("inf")):
            ours = [one for one in self.places if one[1].partition(":")[0] == goal]
            for wall, row, where in nlargest(count, ours):
                yield [f"{row}: {where}", report.figure(wall)]


def processor_ms(pid: int) -> float:
    """What a process has used of a processor, all of its threads; 0 where the system does not say."""
    tasks = Path(f"/proc/{pid}/task")
    try:
        return sum(int((task / "schedstat").read_bytes().split()[0]) for task in tasks.iterdir()) / 1e6
    except (OSError, IndexError, ValueError):
        return 0.0


class Visit:
    """One file open in one server."""

    def __init__(self, client: Client, name: str, tally: Tally) -> None:
        self.client = client
        self.name = name
        self.uri = f"{client.root.as_uri()}/{name}.py"
        self.tally = tally
        self.whole: set[tuple[str, str]] = set()

    def hover(self, place: Place, when: str) -> None:
        if self.client.offered.get("hoverProvider"):
            params = {"textDocument": {"uri": self.uri}, "position": place.range["start"]}
            self._ask(f"hover: {place.kind}, {when}", place, "textDocument/hover", params)

    def actions(self, place: Place) -> None:
        if not self.client.offered.get("codeActionProvider"):
            return
        context = {"diagnostics": [place.diagnostic] if place.diagnostic else [], "triggerKind": 1}
        params = {"textDocument": {"uri": self.uri}, "range": place.range, "context": context}
        answer = self._ask(f"code actions: {place.kind}", place, "textDocument/codeAction", params)
        for action in lazy(answer or []):
            kind = str(action.get("kind", ""))
            if is_of_whole_file(action):
                made = (kind, str(action["title"]))
                if made in self.whole:
                    continue
                self.whole.add(made)
                self._ask(f"resolve a whole file: {kind}", place, "codeAction/resolve", action)
            else:
                self._ask(f"resolve: {kind}", place, "codeAction/resolve", action)

    def _ask(self, row: str, place: Place, method: str, params: Json) -> Any:
        title = f" {params['title']}" if "title" in params else ""
        where = f"{self.name}.py:{place.range['start']['line'] + 1} {place.id}{title}"
        return self.tally.timed(row, where.rstrip(), self.client, method, params)


def measure(client: Client, name: str, text: str, suggested: list[Place], options: Any, tally: Tally) -> None:
    visit = Visit(client, name, tally)
    client.open(visit.uri, text)
    each, seed = options.each, f"{options.seed} {name}"
    found = of_diagnostics(client.diagnostics(visit.uri, 1).value)
    places = drawn(found, each, seed) + drawn(suggested, each, seed)
    places += of_plain_code(text, each, seed, [*found, *suggested])
    for place in places:
        visit.hover(place, "first")
    for place in places:
        visit.actions(place)
    for place in places:
        visit.hover(place, "again")
    client.close(visit.uri)


def lazy(actions: Iterable[Json]) -> list[Json]:
    """The actions that get their edit by resolving."""
    return [action for action in actions if "edit" not in action and "data" in action]


def is_of_whole_file(action: Json) -> bool:
    """Whether an action changes more than the place where it is offered."""
    data = action["data"]
    everywhere = isinstance(data, dict) and data.get("do") == "everywhere"
    return everywhere or str(action.get("kind", "")).startswith("source")


def main() -> None:
    options = report.parser(__doc__)
    options.add_argument("--stdlib", action="store_true", help="all of the standard library instead of the corpus")
    options.add_argument("--sample", type=int, default=0, help="only so many files of it")
    options.add_argument("--each", type=int, default=20, help="places of each kind in one file, at most; 0: all")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--slowest", type=int, default=10, help="how many of the slowest requests of each kind")
    options.add_argument("--only", choices=("ours", "ruff"))
    options.add_argument("--ours", help="another stdio server in place of ours, as one command line")
    arguments = options.parse_args()
    programs = [program for program in tools.servers(arguments.ours) if arguments.only in (None, program.name)]
    tallies = {program.name: Tally() for program in programs}
    files = texts(library=arguments.stdlib, sample=arguments.sample, seed=arguments.seed)
    with tools.started(programs) as clients:
        for number, (name, text) in enumerate(files):
            report.progress(number, name)
            suggested = of_suggestions(text) if "ours" in clients else []
            for program, client in clients.items():
                measure(client, name, text, suggested if program == "ours" else [], arguments, tallies[program])
    report.show(report.heading("Requests of an editor"))
    header = ["ms", "p50", "p95", "max", "cpu p95", "count", "refused", "empty"]
    report.show(report.table(header, [row for name, tally in tallies.items() for row in tally.rows(name)]))
    if "ours" in tallies and arguments.slowest:
        report.show("\n" + report.table(["ours, slowest", "ms"], tallies["ours"].slowest(arguments.slowest)) + "\n")
    measured = {
        name: {"milliseconds": tally.times, "processor": tally.cpu, "refused": tally.refused}
        for name, tally in tallies.items()
    }
    report.show(f"recorded in {report.record('requests', arguments, measured)}")


if __name__ == "__main__":
    main()
