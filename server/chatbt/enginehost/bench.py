"""What the engine costs over its library, and what it does under load. Writes JSON.

    python -m chatbt.enginehost.bench --target DIR --draft DIR [--parts first load ...] [--json FILE]

`first`: time to the first token and tokens per second through the process, against the library alone · `together`: ten
clients at once against one · `cancel`: rounds until the slot of a client that left is free · `load`: requests at four
times the rate that can be sustained · `memory`: one engine for ten clients against ten processes with the library.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from chatbt.engine.client import Address, Client
from chatbt.engine.errors import EngineBusy, EngineError
from chatbt.engine.launcher import found, running
from chatbt.engine.places import Places
from chatbt.engine.shapes import ChatRequest, Health, Message

PROMPT = "def mean(values):\n    total = 0\n    for value in values:\n        total += value\n"
PARTS = ("first", "together", "cancel", "load", "memory")
_ALONE = """
import json, sys, time
from chatbt.dsde import Engine, SamplingParams
target, draft, tokens, device, precision = sys.argv[1:6]
engine = Engine.from_pretrained(target, draft or None, device=device, dtype=precision, slots=8)
import torch, os
torch.set_num_threads(max(1, len(os.sched_getaffinity(0)) - 1))
prompt = json.loads(sys.argv[6])
if engine.tokenizer.chat_template is not None:
    turns = [{"role": "user", "content": prompt}]
    prompt = list(engine.tokenizer.apply_chat_template(turns, add_generation_prompt=True, return_dict=False))
for _ in sys.stdin:
    began, begun = time.perf_counter(), None
    engine.submit(prompt, SamplingParams(max_tokens=int(tokens)))
    while not engine.idle:
        for event in engine.step():
            begun = begun or time.perf_counter()
            if event.result is not None:
                count = event.result.stats.tokens
    speed = (count - 1) / max(1e-9, time.perf_counter() - begun)
    status = open("/proc/self/smaps_rollup").read()
    pss = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("Pss:"))
    print(json.dumps({"first": begun - began, "speed": speed, "pss_kib": pss}), flush=True)
"""


def main() -> int:
    """Measure; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m chatbt.enginehost.bench", description=__doc__)
    parser.add_argument("--target", required=True)
    parser.add_argument("--draft", default="")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--precision", default="float32")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--requests", type=int, default=1000, help="of the part `load`")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="chatbt-bench-") as folder:
        os.environ["CHATBT_RUNTIME_DIR"] = folder
        report = asyncio.run(_measure(options, Places.of_user()))
    text = json.dumps(report, indent=2)
    sys.stdout.write(text + "\n")
    if options.json:
        options.json.write_text(text + "\n", "utf-8")
    return 0


async def _measure(options: argparse.Namespace, places: Places) -> dict[str, Any]:
    given = ["--target", options.target, "--device", options.device, "--precision", options.precision]
    address = await running(places, [*given, *(["--draft", options.draft] if options.draft else [])])
    health = await _loaded(places)
    if health.state == "failed":
        raise SystemExit(health.reason)
    told: dict[str, Any] = {"model": health.model, "device": health.device, "cores": os.cpu_count()}
    try:
        for part in PARTS:
            if part in options.parts:
                told[part] = await _RUN[part](options, address)
    finally:
        client = Client(address)
        await client.stop()
        await client.close()
    return told


async def _loaded(places: Places) -> Health:
    while True:
        known = await found(places)
        if known is not None and known[1].state not in ("loading", "unloaded"):
            return known[1]
        await asyncio.sleep(0.1)


async def _free(client: Client) -> None:
    while True:
        if not (await client.health()).running:
            return
        await asyncio.sleep(0.005)


async def _one(client: Client, tokens: int, **more: Any) -> tuple[float, float, int]:
    """Seconds to the first piece, tokens per second after it, and tokens."""
    began, begun, count = time.perf_counter(), 0.0, 0
    async for piece in client.chat(ChatRequest(messages=[Message("user", PROMPT)], max_tokens=tokens, **more)):
        begun = begun or time.perf_counter()
        count = (piece.figures or {}).get("completion_tokens", count)
    return begun - began, (count - 1) / max(1e-9, time.perf_counter() - begun), count


async def _first(options: argparse.Namespace, address: Address) -> dict[str, Any]:
    """In turn, so that what else the machine does is shared alike; the medians of pairs."""
    client, alone, through = Client(address), [], []
    with _library(options, options.tokens) as library:
        try:
            for _ in range(options.repeats + 1):
                alone.append(await asyncio.to_thread(_asked, library))
                through.append(await _one(client, options.tokens))
        finally:
            await client.close()
    pairs = list(zip(through, alone, strict=True))[1:]
    return {
        "first_token_ms": {
            "engine": median(own[0] for own, _ in pairs) * 1e3,
            "library": median(other["first"] for _, other in pairs) * 1e3,
            "over": median(own[0] - other["first"] for own, other in pairs) * 1e3,
        },
        "tokens_per_second": {
            "engine": median(own[1] for own, _ in pairs),
            "library": median(other["speed"] for _, other in pairs),
            "loss": median(1 - own[1] / other["speed"] for own, other in pairs),
        },
    }


@contextmanager
def _library(options: argparse.Namespace, tokens: int) -> Iterator[subprocess.Popen[str]]:
    """The library alone, in a process of its own that decodes once for each line."""
    given = [options.target, options.draft, tokens, options.device, options.precision]
    command = [sys.executable, "-c", _ALONE, *map(str, given), json.dumps(PROMPT)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def _asked(library: subprocess.Popen[str]) -> dict[str, Any]:
    assert library.stdin is not None
    assert library.stdout is not None
    library.stdin.write("once\n")
    library.stdin.flush()
    told: dict[str, Any] = json.loads(library.stdout.readline())
    return told


async def _together(options: argparse.Namespace, address: Address) -> dict[str, Any]:
    clients = [Client(address) for _ in range(10)]
    try:
        began = time.perf_counter()
        one = await _one(clients[0], options.tokens)
        single = time.perf_counter() - began
        began = time.perf_counter()
        many = await asyncio.gather(*(_one(client, options.tokens) for client in clients))
        seconds = time.perf_counter() - began
    finally:
        for client in clients:
            await client.close()
    return {
        "one": {"seconds": single, "tokens_per_second": one[2] / single, "first_token_ms": one[0] * 1e3},
        "ten": {
            "seconds": seconds,
            "tokens_per_second": sum(each[2] for each in many) / seconds,
            "first_token_ms_median": median(each[0] for each in many) * 1e3,
            "first_token_ms_most": max(each[0] for each in many) * 1e3,
        },
    }


async def _cancel(options: argparse.Namespace, address: Address) -> dict[str, Any]:
    watch = Client(address)
    for _ in range(options.repeats):
        leaving = Client(address)
        pieces = leaving.chat(ChatRequest(messages=[Message("user", PROMPT)], max_tokens=400))
        await anext(pieces)
        await pieces.aclose()
        await leaving.close()
        await _free(watch)
    told: dict[str, Any] = (await watch.get("/api/metrics"))["since_start"]["cancelled"]
    await watch.close()
    return told


async def _load(options: argparse.Namespace, address: Address) -> dict[str, Any]:
    """As many sessions as there are in a busy team; each request is asked once, and what is said of it is counted."""
    clients, tokens = [Client(address) for _ in range(20)], 8
    began = time.perf_counter()
    await asyncio.gather(*(_one(client, tokens) for client in clients))
    sustained = len(clients) / (time.perf_counter() - began)
    ends: Counter[str] = Counter()
    first: list[float] = []

    async def ask(number: int) -> None:
        try:
            first.append((await _one(clients[number % len(clients)], tokens, timeout=60.0))[0])
            ends["answered"] += 1
        except EngineBusy as busy:
            ends["turned away with Retry-After" if busy.retry_after >= 1 else "turned away"] += 1
        except EngineError as error:
            ends[f"error: {str(error)[:60]}"] += 1

    tasks, start = [], time.perf_counter()
    for number in range(options.requests):
        tasks.append(asyncio.create_task(ask(number)))
        ahead = start + (number + 1) / (4 * sustained) - time.perf_counter()
        await asyncio.sleep(max(0.0, ahead))
    await asyncio.gather(*tasks)
    seconds = time.perf_counter() - start
    for client in clients:
        await client.close()
    return {
        "sustained_per_second": sustained,
        "asked_per_second": 4 * sustained,
        "requests": options.requests,
        "ends": dict(ends),
        "without_an_answer": options.requests - sum(ends.values()),
        "seconds": seconds,
        "first_token_ms_median": median(first) * 1e3 if first else None,
    }


async def _memory(options: argparse.Namespace, address: Address) -> dict[str, Any]:
    """The proportional set size: pages that several processes share count once."""
    client = Client(address)
    health = await client.health()
    await client.close()
    with _library(options, 8) as library:
        process = (await asyncio.to_thread(_asked, library))["pss_kib"] * 1024
    return {"one_engine_bytes": health.memory_bytes, "one_process_bytes": process, "ten_processes_bytes": 10 * process}


_RUN = {"first": _first, "together": _together, "cancel": _cancel, "load": _load, "memory": _memory}

if __name__ == "__main__":
    sys.exit(main())
