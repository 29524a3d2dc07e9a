"""From spawn to work, and the memory it takes: ours and `ruff server` by turns.

    python -m tests.bench.start [--rounds 7] [--ours COMMAND] [--json PATH]

Each round spawns both, one after the other, in a new empty project. From spawn, in milliseconds: the
initialize response, the diagnostics of a 200-line file opened at once, and the diagnostics of an edit sent as
soon as those are there (an answer that comes early from a server not yet loaded is paid for here). Then, each from
its own request, the first hover and the first code actions. Then the 10,000-line file is opened and edited forty
times; memory is `VmRSS` of the server and of every process it started, in MiB, after two seconds of rest.
"""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

from tests.bench import corpus, report, tools
from tests.bench.corpus import SIZES
from tests.bench.lspclient import Client, Json

GOALS = {"initialize response": 400.0, "memory, 10,000 lines open": 100.0}
EDITS = 40
_TOP = {"line": 0, "character": 0}


def measure(program: tools.Program) -> dict[str, float]:
    with (
        tools.empty_world() as (root, environment),
        Client(program.command, root, environment=environment) as client,
    ):
        arrivals = {"initialize response": client.initialize()}
        small, uri = corpus.sample(SIZES[0]), f"{root.as_uri()}/small.py"
        client.open(uri, small.text)
        arrivals["first diagnostics"] = client.diagnostics(uri, 1).arrived
        client.change(uri, 2, small.scenarios[0].toggles[0].do)
        arrivals["diagnostics of the first edit"] = client.diagnostics(uri, 2).arrived
        figures = {name: (arrived - client.spawned) * 1000 for name, arrived in arrivals.items()}
        figures["first hover"] = asked(client, "textDocument/hover", uri, {"position": _TOP})
        place = {"range": {"start": _TOP, "end": _TOP}, "context": {"diagnostics": []}}
        figures["first code actions"] = asked(client, "textDocument/codeAction", uri, place)
        client.drain(1)
        figures["memory, 200 lines open"] = client.memory()
        edited(client, root)
        figures["memory, 10,000 lines open"] = client.memory()
        return figures


def asked(client: Client, method: str, uri: str, params: Json) -> float:
    """The milliseconds that a request takes."""
    began = time.perf_counter()
    return (client.request(method, {"textDocument": {"uri": uri}, **params}).arrived - began) * 1000


def edited(client: Client, root: Path) -> None:
    """The largest file opened, a letter typed and deleted over and over, and time to settle."""
    large, uri = corpus.sample(SIZES[-1]), f"{root.as_uri()}/large.py"
    client.open(uri, large.text)
    client.diagnostics(uri, 1)
    toggle = large.scenarios[0].toggles[0]
    for version in range(2, EDITS + 2):
        client.change(uri, version, toggle.undo if version % 2 else toggle.do)
        client.diagnostics(uri, version)
    client.drain(2)


def main() -> None:
    options = report.parser(__doc__)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--ours", help="another stdio server in place of ours, as one command line")
    arguments = options.parse_args()
    programs = tools.servers(arguments.ours)
    figures: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for number in range(arguments.rounds):
        for program in programs[:: -1 if number % 2 else 1]:
            for row, value in measure(program).items():
                figures[row][program.name].append(value)
    report.show(report.heading("Start and memory"))
    report.show(
        report.table(
            ["ms or MiB, median (p90)", "ours", "ruff server", "goal"],
            [
                [
                    row,
                    *(report.spread(values[p.name], 90) for p in programs),
                    report.figure(GOALS[row]) if row in GOALS else "",
                ]
                for row, values in figures.items()
            ],
        )
    )
    report.show(f"\nrecorded in {report.record('start', arguments, figures)}")


if __name__ == "__main__":
    main()
