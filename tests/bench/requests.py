"""Hover, code action and resolve over real findings: ours, and `ruff server` on its own for scale.

    python -m tests.bench.requests [--stdlib] [--each 20] [--only ours] [--ours COMMAND] [--json PATH]

Every file of the corpus (with `--stdlib`: every file of the standard library, its tests left out) is opened,
and at up to `--each` of its findings, spread over the file, the requests of an editor are sent: hover, code
actions for that finding, resolve of every action that comes without its edit, and hover once more. The first
hover of a file comes right behind its diagnostics, when nothing has been prepared. ruff answers for its own
findings, so its rows are another workload; its hover has nothing to say there.

Times are milliseconds; `count` is the number of requests, `refused` the resolves that ended in an error (no
edit was made), `empty` the answers that were null or an empty list. A p95 over its goal is bold.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from tests.bench import corpus, report, tools
from tests.bench.corpus import SIZES
from tests.bench.lspclient import Client, Json, ServerError

GOALS = {"hover, first": 5.0, "hover, again": 5.0, "code actions": 10.0, "resolve a fix": 25.0}


class Tally:
    """Milliseconds, refusals and empty answers by row."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)
        self.refused: Counter[str] = Counter()
        self.empty: Counter[str] = Counter()

    def timed(self, row: str, client: Client, method: str, params: Json) -> Any:
        began = time.perf_counter()
        try:
            answer = client.request(method, params)
        except ServerError:
            if client.process.poll() is not None:
                raise
            self.times[row].append((time.perf_counter() - began) * 1000)
            self.refused[row] += 1
            return None
        self.times[row].append((answer.arrived - began) * 1000)
        self.empty[row] += not answer.value
        return answer.value

    def rows(self, name: str) -> Iterator[list[str]]:
        for row, times in self.times.items():
            p50, p95 = report.median(times), report.percentile(times, 95)
            counts = (str(n) for n in (len(times), self.refused[row], self.empty[row]))
            limit = GOALS.get(row) if name == "ours" else None
            shown = report.figure(p95) if limit is None else report.against(p95, limit)
            yield [f"{name}: {row}", report.figure(p50), shown, report.figure(max(times)), *counts]


def texts(whole_library: bool) -> Iterator[tuple[str, str]]:
    """Name and text of each file."""
    if not whole_library:
        for size in SIZES:
            yield f"sample{size}", corpus.sample(size).text
        return
    for path in sorted(corpus.stdlib().rglob("*.py")):
        parts = path.relative_to(corpus.stdlib()).parts
        if not {"test", "tests", "idle_test", "site-packages", "lib2to3"} & set(parts):
            yield "-".join(parts).removesuffix(".py"), path.read_text(encoding="utf-8")


def spread(findings: list[Json], count: int) -> list[Json]:
    """Up to `count` of them, evenly over the file."""
    ordered = sorted(
        findings,
        key=lambda finding: (finding["range"]["start"]["line"], finding["range"]["start"]["character"]),
    )
    return ordered[:: max(1, -(-len(ordered) // count))]


def measure(client: Client, name: str, text: str, each: int, tally: Tally) -> None:
    uri = f"{client.root.as_uri()}/{name}.py"
    client.open(uri, text)
    chosen = spread(client.diagnostics(uri, 1).value, each)
    document = {"uri": uri}
    for finding in chosen:
        hover(client, document, finding, "hover, first", tally)
    for finding in chosen if client.offered.get("codeActionProvider") else ():
        context = {"diagnostics": [finding], "triggerKind": 1}
        params = {"textDocument": document, "range": finding["range"], "context": context}
        actions = tally.timed("code actions", client, "textDocument/codeAction", params)
        for action in lazy(actions or []):
            whole = str(action.get("kind", "")).startswith("source")
            tally.timed("resolve a whole file" if whole else "resolve a fix", client, "codeAction/resolve", action)
    for finding in chosen:
        hover(client, document, finding, "hover, again", tally)
    client.close(uri)


def hover(client: Client, document: Json, finding: Json, row: str, tally: Tally) -> None:
    if not client.offered.get("hoverProvider"):
        return
    tally.timed(row, client, "textDocument/hover", {"textDocument": document, "position": finding["range"]["start"]})


def lazy(actions: Iterable[Json]) -> list[Json]:
    """The actions that get their edit by resolving."""
    return [action for action in actions if "edit" not in action and "data" in action]


def main() -> None:
    options = report.parser(__doc__)
    options.add_argument("--stdlib", action="store_true", help="all of the standard library instead of the corpus")
    options.add_argument("--each", type=int, default=20, help="findings of one file, at most")
    options.add_argument("--only", choices=("ours", "ruff"))
    options.add_argument("--ours", help="another stdio server in place of ours, as one command line")
    arguments = options.parse_args()
    programs = [program for program in tools.servers(arguments.ours) if arguments.only in (None, program.name)]
    tallies = {program.name: Tally() for program in programs}
    with tools.started(programs) as clients:
        for number, (name, text) in enumerate(texts(arguments.stdlib)):
            report.progress(number, name)
            for program, client in clients.items():
                measure(client, name, text, arguments.each, tallies[program])
    report.show(report.heading("Requests of an editor"))
    header = ["ms", "p50", "p95", "max", "count", "refused", "empty"]
    report.show(report.table(header, [row for name, tally in tallies.items() for row in tally.rows(name)]))
    measured = {name: {"milliseconds": tally.times, "refused": tally.refused} for name, tally in tallies.items()}
    report.show(f"recorded in {report.record('requests', arguments, measured)}")


if __name__ == "__main__":
    main()
