"""The model through the editor protocol: what it adds to the first token, and what it does to keystrokes.

    python -m tests.bench.model --target DIR [--draft DIR] [--samples 20] [--windows 6] [--json PATH]

Starts an engine of its own and one language server. First token: an explanation is asked for with `chatbt.explain`, and
then the same request for other code is made with the engine's client alone, in turn; a sample is the time from before
the request to the first text. No two samples have the same code, so nothing is answered from a cache.

Keystrokes: the time from `didChange` to the diagnostics of that version, first with an engine that has nothing to do,
then while `--windows` clients keep it busy without a rest and this window waits for an explanation as well.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path

from chatbt.engine import launcher
from chatbt.engine.client import Address
from chatbt.engine.client import Client as EngineClient
from chatbt.engine.errors import EngineBusy
from chatbt.engine.places import Places
from chatbt.engine.shapes import ChatRequest, Message
from chatbt.orchestrator.grounding.ground import ground_of
from chatbt.orchestrator.styles import style_of
from chatbt.source.document import Document
from chatbt.workspace.checker import Checker
from chatbt.workspace.configuration import Configuration
from chatbt.workspace.findings import problems
from chatbt.workspace.profiles import known_rules, profile_for
from tests.bench import report, tools
from tests.bench.corpus import Change
from tests.bench.lspclient import Client

ANSWER = "chatbt/answer"
FIRST_TOKEN_GOAL_MS, KEYSTROKE_GOAL = 5.0, 2.0
WARMING = 2


def code(number: int) -> str:
    """A function that no other sample has, with one finding."""
    return (
        f"def collect_{number}(item, found_{number}=[]):\n    found_{number}.append(item)\n    return found_{number}\n"
    )


@contextmanager
def engine(arguments: argparse.Namespace, environment: dict[str, str]) -> Iterator[Address]:
    """An engine that has loaded its model."""
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:
        environment["CHATBT_RUNTIME_DIR"] = os.environ["CHATBT_RUNTIME_DIR"] = folder
        places = Places(Path(folder), Path(folder, "log"))
        places.prepare()
        draft = ["--draft", str(arguments.draft)] if arguments.draft else []
        command = [sys.executable, "-m", "chatbt.enginehost", "--load", "--target", str(arguments.target), *draft]
        with places.log.open("ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            while (known := asyncio.run(launcher.found(places))) is None or known[1].state == "loading":
                if process.poll() is not None:
                    raise SystemExit(places.log.read_text(encoding="utf-8"))
                time.sleep(0.1)
            yield Address.of(places)
        finally:
            process.kill()
            process.wait()


def messages_for(text: str, model: str) -> list[Message]:
    """What the model is asked about the finding in a text."""
    path = Path.cwd() / "a.py"
    configuration = Configuration(known_rules(), sys.version_info[:2], Path.cwd())
    checker = Checker(Document.from_text(str(path), text), profile_for(path, configuration.for_file(path)))
    found = next(one for one in problems(checker) if one.id == "CC001")
    return style_of(model).explain(ground_of(checker, found))


def through_editor(client: Client, number: int) -> float:
    """Milliseconds to the first text of an explanation in the editor."""
    uri = (client.root / f"sample_{number}.py").as_uri()
    client.open(uri, code(number))
    client.diagnostics(uri, 1)
    client.told.pop(ANSWER, None)
    position = {"line": 0, "character": code(number).index("[]")}
    began = time.perf_counter()
    asked = client.begin("workspace/executeCommand", {"command": "chatbt.explain", "arguments": [uri, position]})
    client.finish(asked, "explanation")
    client.close(uri)
    return (client.told[ANSWER][0].arrived - began) * 1000


async def alone(client: EngineClient, messages: list[Message]) -> float:
    """Milliseconds to the first text with the engine's client, which then waits for the end."""
    request = ChatRequest(messages=messages, max_tokens=200, purpose="explanation")
    began, first = time.perf_counter(), 0.0
    async with aclosing(client.chat(request)) as pieces:
        async for piece in pieces:
            if piece.text and not first:
                first = (time.perf_counter() - began) * 1000
    return first


def first_tokens(client: Client, address: Address, samples: int) -> dict[str, list[float]]:
    """Milliseconds to the first token, both ways in turn."""
    times: dict[str, list[float]] = {"through the editor": [], "the engine's client alone": []}

    async def measure() -> None:
        other = EngineClient(address)
        model = (await other.health()).model
        for number in range(0, 2 * (samples + WARMING), 2):
            messages = messages_for(code(number + 1), model)
            took = through_editor(client, number), await alone(other, messages)
            if number >= 2 * WARMING:
                for way, one in zip(times.values(), took, strict=True):
                    way.append(one)
        await other.close()

    asyncio.run(measure())
    return times


def keystrokes(client: Client, samples: int) -> list[float]:
    """Milliseconds from a keystroke to its diagnostics."""
    uri = (client.root / "typed.py").as_uri()
    client.open(uri, "".join(map(code, range(70))))
    client.diagnostics(uri, 1)
    took = []
    for version in range(2, samples + WARMING + 2):
        began = time.perf_counter()
        client.change(uri, version, Change((1, 4), (1, 4), "x"))
        took.append((client.diagnostics(uri, version).arrived - began) * 1000)
        client.drain(0.02)
    client.close(uri)
    return took[WARMING:]


@contextmanager
def loaded(client: Client, address: Address, windows: int) -> Iterator[list[int]]:
    """An engine with more to do than it can, of which this window's explanation is a part; how often it answered."""
    done = threading.Event()
    answers = [0]

    async def ask(number: int) -> None:
        other = EngineClient(address)
        while not done.is_set():
            try:
                await alone(other, [Message("user", code(number))])
                answers[0] += 1
            except EngineBusy:
                await asyncio.sleep(0.01)
        await other.close()

    async def all_of_them() -> None:
        await asyncio.gather(*map(ask, range(windows)))

    thread = threading.Thread(target=lambda: asyncio.run(all_of_them()))
    thread.start()
    uri = (client.root / "waiting.py").as_uri()
    client.open(uri, code(9999))
    position = {"line": 0, "character": code(9999).index("[]")}
    asked = client.begin("workspace/executeCommand", {"command": "chatbt.explain", "arguments": [uri, position]})
    try:
        yield answers
    finally:
        done.set()
        client.finish(asked, "explanation")
        thread.join()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--target", type=Path, required=True, metavar="DIR", help="the folder of a model")
    options.add_argument("--draft", type=Path, metavar="DIR", help="the folder of its draft")
    options.add_argument("--samples", type=int, default=20)
    options.add_argument("--windows", type=int, default=6)
    options.add_argument("--json", type=Path, help="where to write the record")
    arguments = options.parse_args()
    with tools.empty_world() as (root, environment), engine(arguments, environment) as address:
        command = (*tools.OURS, "lsp")
        with Client(command, root, environment=environment, timeout=120.0) as client:
            client.initialize(experimental={"chatbt": {"answers": True}})
            client.drain(1.0)
            first = first_tokens(client, address, arguments.samples)
            quiet = keystrokes(client, 2 * arguments.samples)
            with loaded(client, address, arguments.windows) as answers:
                busy = keystrokes(client, 2 * arguments.samples)
                answered = answers[0]
    report.show(report.heading("The model in an editor"))
    added = report.median(first["through the editor"]) - report.median(first["the engine's client alone"])
    rows = [[f"first token, {way}", report.spread(times, 95)] for way, times in first.items()]
    rows += [["first token, added by the editor protocol", report.against(added, FIRST_TOKEN_GOAL_MS)]]
    rows += [
        ["keystroke, engine idle", report.spread(quiet, 95)],
        ["keystroke, engine loaded", report.spread(busy, 95)],
    ]
    rows += [["answers of the engine meanwhile", str(answered)]]
    ratio = report.median(busy) / report.median(quiet)
    rows += [["keystroke, loaded / idle", report.against(ratio, KEYSTROKE_GOAL)]]
    report.show(report.table(["ms, median (p95)", ""], rows))
    measured = {"first token": first, "keystroke": {"idle": quiet, "loaded": busy, "answers": answered}}
    report.show(f"recorded in {report.record('model', arguments, measured)}")


if __name__ == "__main__":
    main()
