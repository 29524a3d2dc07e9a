"""The engine in the foreground, listening on the user's socket; what is not said here, the user's settings say."""

from __future__ import annotations

import argparse
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

from chatbt.engine.locks import Lock, locked
from chatbt.engine.places import Places
from chatbt.engine.settings import PRECISIONS, Settings, read_settings

if TYPE_CHECKING:
    from chatbt.enginehost.app import Host

LEAVING = 15.0
"""Seconds in which another engine that is on its way out must be gone."""


def main() -> int:
    """Serve until idle for long, or ended; the exit status."""
    settings = read_settings()
    options = _options(settings)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.raiseExceptions = False  # a full disk takes the log, not the engine
    for message in settings.messages:
        logging.getLogger("chatbt.engine").warning("%s", message)
    if not settings.enabled:
        sys.stderr.write(f"the engine is switched off: {settings.why_off}\n")
        return 2
    sys.setswitchinterval(0.001)  # a request that comes in need not wait long for the thread that decodes
    places = Places.of_user()
    places.prepare()
    with locked(places.alive) as lock:
        if not _free(lock):
            sys.stderr.write("an engine is running already: `chatbt engine status` says how it is\n")
            return 2
        token = secrets.token_urlsafe(32)
        listening = _listen(places, token, tcp=options.tcp or not hasattr(socket, "AF_UNIX"))
        try:
            return _serve(options, places, listening, token)
        finally:
            for path in (places.token, places.port, places.socket):
                path.unlink(missing_ok=True)


def _options(settings: Settings) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chatbt engine start --foreground", description=__doc__)
    parser.add_argument("--target", default="", help="the folder of the model, or its name")
    parser.add_argument("--draft", default="", help="the folder of its draft model")
    parser.add_argument("--device", default=settings.device)
    parser.add_argument("--precision", default=settings.precision, choices=PRECISIONS)
    parser.add_argument("--policy", default=settings.policy)
    parser.add_argument("--longest", type=int, default=8, help="tokens of a draft, at most")
    parser.add_argument("--slots", type=int, default=8, help="sequences that are decoded together, at most")
    parser.add_argument("--queue", type=int, default=64, help="requests that may wait or be decoded")
    parser.add_argument(
        "--unload-after", type=float, default=settings.unload_minutes * 60, help="seconds without a request"
    )
    parser.add_argument("--end-after", type=float, default=settings.end_minutes * 60, help="seconds without a request")
    parser.add_argument("--tcp", action="store_true", help="listen on a port of the loopback device, not on a socket")
    parser.add_argument("--load", action="store_true", help="load the model at once, not with the first request")
    options = parser.parse_args()
    if not options.target:
        options.target, options.draft = settings.model, options.draft or settings.draft
    return options


def _free(lock: Lock) -> bool:
    """Whether no other engine is alive, also after one that is ending has had its time."""
    until = time.monotonic() + LEAVING
    while not lock.taken():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def _listen(places: Places, token: str, *, tcp: bool) -> socket.socket:
    """A socket that only this user can open; the token is there before the socket is."""
    for left_over in (places.socket, places.token, places.port):
        left_over.unlink(missing_ok=True)  # nobody listens on it: the lock is ours
    if tcp:
        listening = socket.socket(socket.AF_INET)
        listening.bind(("127.0.0.1", 0))
        _write(places.port, str(listening.getsockname()[1]))
    else:
        mask = os.umask(0o177)
        try:
            listening = socket.socket(socket.AF_UNIX)
            listening.bind(str(places.socket))
        finally:
            os.umask(mask)
    _write(places.token, token)
    listening.listen(128)
    return listening


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)


def _serve(options: argparse.Namespace, places: Places, listening: socket.socket, token: str) -> int:
    import uvicorn

    from chatbt.engine.models.pairs import named
    from chatbt.enginehost.app import Host, application
    from chatbt.enginehost.audit import keep_audit
    from chatbt.enginehost.choosing import Wish
    from chatbt.enginehost.desk import Desk
    from chatbt.enginehost.figures.store import Store
    from chatbt.enginehost.guard import Guard
    from chatbt.enginehost.loading import Loader, Way
    from chatbt.enginehost.monitor import Monitor
    from chatbt.enginehost.worker import Worker

    def wish() -> Wish:
        return Wish(named(options.target, options.draft), options.device, options.precision, options.slots)

    keep_audit(places.audit)
    way = Way(options.policy, options.longest)
    worker = Worker(Loader(wish, places.loading), way, options.unload_after)
    desk = Desk(worker, options.queue)
    monitor = Monitor(desk, Store(places.figures))
    worker.finished = monitor.finished
    host = Host(worker, desk, monitor, way)
    guarded = Guard(application(host), token, monitor.live.refuse)
    server = uvicorn.Server(
        uvicorn.Config(guarded, log_level="warning", timeout_keep_alive=75, timeout_graceful_shutdown=2)
    )

    def stop() -> None:
        host.ending = server.should_exit = True

    host.stop = stop
    worker.start()
    if options.load:
        worker.do(lambda: None)
    threading.Thread(target=_end_when_idle, args=(stop, host, options.end_after), daemon=True).start()
    server.run(sockets=[listening])
    worker.stop()
    monitor.store.close()
    return 0


def _end_when_idle(stop: Callable[[], None], host: Host, after: float) -> None:
    while host.desk.asks or host.tuning or time.monotonic() - host.worker.last_used < after:
        time.sleep(min(5.0, after))
    stop()


if __name__ == "__main__":
    sys.exit(main())
