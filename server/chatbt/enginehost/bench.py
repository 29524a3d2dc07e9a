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
target, draft, tokens, repeats, device, precision = sys.argv[1:7]
engine = Engine.from_pretrained(target, draft or None, device=device, dtype=precision, slots=8)
import torch, os
torch.set_num_threads(max(1, len(os.sched_getaffinity(0)) - 1))
prompt = json.loads(sys.argv[7])
if engine.tokenizer.chat_template is not None:
    turns = [{"role": "user", "content": prompt}]
    prompt = list(engine.tokenizer.apply_chat_template(turns, add_generation_prompt=True, return_dict=False))
first, speed = [], []
for _ in range(int(repeats) + 1):
    began = time.perf_counter()
    engine.submit(prompt, SamplingParams(max_tokens=int(tokens)))
    begun = None
    while not engine.idle:
        for event in engine.step():
            if begun is None:
                begun = time.perf_counter()
            if event.result is not None:
                count = event.result.stats.tokens
    first.append(begun - began)
    speed.append((count - 1) / max(1e-9, time.perf_counter() - begun))
status = open("/proc/self/smaps_rollup").read()
pss = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("Pss:"))
print(json.dumps({"first": first[1:], "speed": speed[1:], "pss_kib": pss}))
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
    alone = await asyncio.to_thread(_library, options)
    client = Client(address)
    try:
        await _one(client, options.tokens)
        through = [await _one(client, options.tokens) for _ in range(options.repeats)]
    finally:
        await client.close()
    first, speed = median(each[0] for each in through), median(each[1] for each in through)
    alone_first, alone_speed = median(alone["first"]), median(alone["speed"])
    return {
        "first_token_ms": {"engine": first * 1e3, "library": alone_first * 1e3, "over": (first - alone_first) * 1e3},
        "tokens_per_second": {"engine": speed, "library": alone_speed, "loss": 1 - speed / alone_speed},
    }


def _library(options: argparse.Namespace) -> dict[str, Any]:
    """The library alone, in a process of its own."""
    given = [options.target, options.draft, options.tokens, options.repeats, options.device, options.precision]
    command = [sys.executable, "-c", _ALONE, *map(str, given), json.dumps(PROMPT)]
    told: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
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
    alone = await asyncio.to_thread(_library, argparse.Namespace(**{**vars(options), "tokens": 8, "repeats": 1}))
    process = alone["pss_kib"] * 1024
    return {"one_engine_bytes": health.memory_bytes, "one_process_bytes": process, "ten_processes_bytes": 10 * process}


_RUN = {"first": _first, "together": _together, "cancel": _cancel, "load": _load, "memory": _memory}

if __name__ == "__main__":
    sys.exit(main())
