"""`python -m chatbt.enginehost`: the engine in the foreground, listening on the user's socket."""

from __future__ import annotations

import argparse
import fcntl
import logging
import os
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from chatbt.engine.places import Places

if TYPE_CHECKING:
    from chatbt.enginehost.worker import Worker


def main() -> int:
    """Serve until idle for long, or ended; the exit status."""
    parser = argparse.ArgumentParser(prog="chatbt engine start --foreground", description=__doc__)
    parser.add_argument("--target", type=Path, required=True, help="the folder of the model")
    parser.add_argument("--draft", type=Path, help="the folder of its draft model")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--policy", default="dsde")
    parser.add_argument("--slots", type=int, default=8)
    parser.add_argument("--unload-after", type=float, default=900.0, help="seconds without a request")
    parser.add_argument("--end-after", type=float, default=3600.0, help="seconds without a request")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    places = Places.of_user()
    places.prepare()
    alive = os.open(places.runtime / "alive.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.stderr.write("an engine is running already: `chatbt engine status` says how it is\n")
        return 2
    token = secrets.token_urlsafe(32)
    listening = _listen(places, token)
    return _serve(options, listening, token)


def _listen(places: Places, token: str) -> socket.socket:
    """A socket that only this user can open; the token is there before the socket is."""
    places.socket.unlink(missing_ok=True)  # nobody listens on it: the lock is ours
    places.token.unlink(missing_ok=True)
    descriptor = os.open(places.token, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(token)
    mask = os.umask(0o177)
    try:
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(places.socket))
    finally:
        os.umask(mask)
    listening.listen(128)
    return listening


def _serve(options: argparse.Namespace, listening: socket.socket, token: str) -> int:
    import uvicorn

    from chatbt.dsde import Engine, read_tokenizer
    from chatbt.enginehost.app import Host, application
    from chatbt.enginehost.guard import Guard
    from chatbt.enginehost.worker import Worker

    def load() -> Engine:
        return Engine.from_pretrained(
            options.target,
            options.draft,
            device=options.device,
            dtype=options.dtype,
            policy=options.policy,
            slots=options.slots,
        )

    worker = Worker(load, unload_after=options.unload_after)
    worker.start()
    host = Host(
        worker, options.target.name, options.device, options.dtype, options.policy, read_tokenizer(options.target)
    )
    guarded = Guard(application(host), token)
    server = uvicorn.Server(uvicorn.Config(guarded, log_level="warning", timeout_keep_alive=75))

    def stop() -> None:
        server.should_exit = True

    host.stop = stop
    threading.Thread(target=_end_when_idle, args=(stop, worker, options.end_after), daemon=True).start()
    server.run(sockets=[listening])
    worker.stop()
    return 0


def _end_when_idle(stop: Callable[[], None], worker: Worker, after: float) -> None:
    while worker.pending or time.monotonic() - worker.last_used < after:
        time.sleep(min(5.0, after))
    stop()


if __name__ == "__main__":
    sys.exit(main())
