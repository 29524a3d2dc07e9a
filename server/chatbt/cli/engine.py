"""The process that owns the model: start it, end it, ask how it is, watch it.

The first request starts it; `start` does so beforehand, or stays with --foreground. CHATBT_ENGINE=off, or
`enabled = false` in the [engine] table of your settings file, switches it and every model feature off.
"""

import argparse
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from chatbt.cli.options.refusal import RefusalError
from chatbt.cli.output.say import say, warn

if TYPE_CHECKING:
    from chatbt.engine.client import Client
    from chatbt.engine.places import Places

LINES = 40
_PASSED = {
    "target": ("DIR", "the folder of the model, or the name of a pulled one (default: the settings')"),
    "draft": ("DIR", "the folder of its draft model"),
    "device": ("NAME", "auto, cpu, cuda or cuda:1 (default: what has the most memory free)"),
    "precision": ("NAME", "auto, float32, bfloat16 or float16"),
    "policy": ("NAME", "how long drafts are: dsde, fixed, adaedl and others (default: dsde)"),
    "slots": ("N", "sequences that are decoded together, at most (default: 8)"),
    "queue": ("N", "requests that may wait or be decoded (default: 64)"),
    "unload-after": ("SECONDS", "without a request, until the model is freed (default: 900)"),
    "end-after": ("SECONDS", "without a request, until the engine ends (default: 3600)"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    start = actions.add_parser("start", help="start it, in the background")
    start.add_argument("--foreground", action="store_true", help="stay, and write the log to the terminal")
    actions.add_parser("stop", help="end it")
    status = actions.add_parser("status", help="its state, model, device, memory and queue")
    logs = actions.add_parser("logs", help=f"the last {LINES} lines of its log")
    logs.add_argument("--audit", action="store_true", help="of who connected and what was refused")
    top = actions.add_parser("top", help="its figures, live")
    top.add_argument("--once", action="store_true", help="show them once, for scripts")
    for told in (status, top):
        told.add_argument(
            "--output-format", choices=("text", "json"), default="text", metavar="NAME", help="text, json"
        )
    tune = actions.add_parser("tune", help="try how drafting is done best, and keep it until the engine ends")
    goal = tune.add_mutually_exclusive_group(required=True)
    goal.add_argument("--acceptance", type=float, metavar="PART", help="of drafted tokens, at least")
    goal.add_argument("--speedup", type=float, metavar="FACTOR", help="over plain decoding, at least")
    goal.add_argument("--back", action="store_true", help="go back to the usual settings")
    units = [
        actions.add_parser(name, help=f"print what lets {name} start it at login") for name in ("systemd", "launchd")
    ]
    for taking in (start, *units):
        for name, (shown, what) in _PASSED.items():
            taking.add_argument(f"--{name}", metavar=shown, help=what)
        taking.add_argument("--tcp", action="store_true", help="listen on a port of this machine, not on a socket")


def run(options: Namespace) -> int:
    import asyncio

    from chatbt.engine.errors import EngineError

    try:
        return asyncio.run(_run(options))
    except EngineError as error:
        raise RefusalError(str(error)) from error


async def _run(options: Namespace) -> int:
    from chatbt.engine import launcher, services
    from chatbt.engine.places import Places

    places = Places.of_user()
    match options.action:
        case "systemd" | "launchd":
            say(getattr(services, options.action)(_given(options)))
        case "logs":
            _logs(places, audit=options.audit)
        case "start" if options.foreground:
            import os
            import sys

            os.execv(sys.executable, [sys.executable, "-m", "chatbt.enginehost", *_given(options)])
        case "start":
            address = await launcher.running(places, _given(options))
            say(f"The engine listens on {address.socket or address.url}.")
        case "stop":
            say("The engine has ended." if await launcher.ended(places) else "No engine is running.")
        case "status":
            return await _status(places, as_json=options.output_format == "json")
        case "top":
            return await _with_client(places, lambda client: _top(client, options))
        case "tune":
            return await _with_client(places, lambda client: _tune(client, options))
    return 0


def _given(options: Namespace) -> list[str]:
    """What is passed on to the engine."""
    given = []
    for name in _PASSED:
        value = getattr(options, name.replace("-", "_"))
        if value is not None:
            given += [f"--{name}", value]
    return [*given, *(["--tcp"] if options.tcp else [])]


def _logs(places: "Places", *, audit: bool) -> None:
    path = places.audit if audit else places.log
    if path.is_file():
        say("\n".join(path.read_text("utf-8", "replace").splitlines()[-LINES:]))
    else:
        warn(f"there is no log yet: {path}")


async def _status(places: "Places", *, as_json: bool) -> int:
    from chatbt.engine import launcher
    from chatbt.engine.installed import MISSING, is_installed
    from chatbt.engine.settings import read_settings

    settings = read_settings()
    for message in settings.messages:
        warn(message)
    if settings.destination:
        warn(settings.destination)
    known = await launcher.found(places)
    if known is None:
        needs_none = settings.remote or is_installed()
        reason = f"it is switched off: {settings.why_off}" if not settings.enabled else "" if needs_none else MISSING
        if as_json:
            import json

            say(json.dumps({"state": "off", "reason": reason}))
        else:
            say(f"No engine is running{f': {reason}' if reason else ''}.")
        return 1
    health = known[1]
    if as_json:
        import json
        from dataclasses import asdict

        say(json.dumps(asdict(health), indent=2))
        return 0
    loading = f" {health.percent} %" if health.state == "loading" else ""
    say(f"state    {health.state}{loading}{f' ({health.reason})' if health.reason else ''}")
    if health.device:
        say(f"model    {health.model}, {health.precision} on {health.device}, policy {health.policy}")
    gpu = f", {health.device_memory_bytes / 2**20:.0f} MiB on the GPU" if health.device_memory_bytes else ""
    say(f"memory   {health.memory_bytes / 2**20:.0f} MiB{gpu}")
    say(f"requests {health.running} running, {health.waiting} waiting of {health.capacity}, {health.sessions} sessions")
    return 0


async def _with_client(places: "Places", action: Any) -> int:
    """Do something with the engine that is running; 1 where none is."""
    from chatbt.engine import launcher
    from chatbt.engine.client import Client

    known = await launcher.found(places)
    if known is None:
        say("No engine is running.")
        return 1
    client = Client(known[0])
    try:
        status: int = await action(client)
    finally:
        await client.close()
    return status


async def _top(client: "Client", options: Namespace) -> int:
    from rich.console import Console

    from chatbt.cli.output.top import screen

    health, figures = await client.health(), (await client.get("/api/metrics"))["now"]
    if options.output_format == "json":
        import json

        say(json.dumps(figures, indent=2))
        return 0
    console = Console(highlight=False)
    if options.once or not console.is_terminal:
        console.print(screen(health, figures))
        return 0
    from rich.live import Live

    with Live(screen(health, figures), console=console, screen=True, auto_refresh=False) as live:
        async for kind, told in client.figures():
            if kind == "figures":
                live.update(screen(await client.health(), told), refresh=True)
    return 0


async def _tune(client: "Client", options: Namespace) -> int:
    if options.back:
        told = await client.delete("/api/dsde/optimize")
        say(f"Drafting is as usual: {told['now']['policy']}, at most {told['now']['longest']} tokens.")
        return 0
    goal = "acceptance" if options.acceptance is not None else "speedup"
    target = options.acceptance if options.acceptance is not None else options.speedup
    told = await client.post("/api/dsde/optimize", {"goal": goal, "target": target})
    say(f"{'policy':<14} {'longest':>7} {'tokens/s':>9} {'speed-up':>8} {'accepted':>8} {'SL':>5}")
    say(f"{'(no drafts)':<14} {'':>7} {told['plain_tokens_per_second']:9.1f} {1:8.2f}")
    for each in told["tried"]:
        say(
            f"{each['policy']:<14} {each['longest']:7} {each['tokens_per_second']:9.1f} {each['speedup']:8.2f} "
            f"{each['acceptance']:8.0%} {each['speculation_length']:5.2f}"
        )
    say(told["message"] + ".")
    return 0 if told["reached"] else 1
