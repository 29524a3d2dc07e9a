"""The process that owns the model: start it, end it, ask how it is.

`chatbt engine start` starts it in the background, as the first request would; with --foreground it stays. `status` says
how it is, `logs` shows the end of its log, `stop` ends it. `systemd` and `launchd` print what lets the system start it
at login.
"""

import argparse
from argparse import Namespace

from chatbt.cli.options.refusal import RefusalError
from chatbt.cli.output.say import say

LINES = 40


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = ("start", "stop", "status", "logs", "systemd", "launchd")
    parser.add_argument("action", choices=actions, metavar="ACTION", help=", ".join(actions))
    parser.add_argument("--target", metavar="DIR", help="the folder of the model (default: the bundled one)")
    parser.add_argument("--draft", metavar="DIR", help="the folder of its draft model")
    parser.add_argument("--foreground", action="store_true", help="stay, and write the log to the terminal")


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
    given = [part for name in ("target", "draft") if (value := getattr(options, name)) for part in (f"--{name}", value)]
    match options.action:
        case "systemd" | "launchd":
            say(getattr(services, options.action)(given))
        case "logs":
            say(
                "\n".join(places.log.read_text("utf-8", "replace").splitlines()[-LINES:])
                if places.log.is_file()
                else ""
            )
        case "start" if options.foreground:
            import os
            import sys

            os.execv(sys.executable, [sys.executable, "-m", "chatbt.enginehost", *given])
        case "start":
            address = await launcher.running(places, given)
            say(f"The engine listens on {address.socket}.")
        case "stop":
            say("The engine is ending." if await launcher.ended(places) else "No engine is running.")
        case "status":
            return await _status(places)
    return 0


async def _status(places: object) -> int:
    from chatbt.engine import launcher

    known = await launcher.found(places)  # type: ignore[arg-type]
    if known is None:
        say("No engine is running.")
        return 1
    health = known[1]
    say(f"state    {health.state}{f' ({health.reason})' if health.reason else ''}")
    say(f"model    {health.model}, {health.precision} on {health.device}, policy {health.policy}")
    say(f"memory   {health.memory_bytes / 2**20:.0f} MiB")
    say(f"requests {health.running} running, {health.waiting} waiting, {health.sessions} sessions")
    return 0
