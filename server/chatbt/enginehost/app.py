"""The HTTP application: every module of `routes` adds its own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules

from fastapi import FastAPI

from chatbt import __version__
from chatbt.enginehost import routes
from chatbt.enginehost.desk import Desk
from chatbt.enginehost.loading import Way
from chatbt.enginehost.monitor import Monitor
from chatbt.enginehost.sessions import Sessions
from chatbt.enginehost.worker import Worker


@dataclass(slots=True)
class Host:
    """What the routes share."""

    worker: Worker
    desk: Desk
    monitor: Monitor
    usual: Way
    """How drafting is done where nobody has tuned it."""
    stop: Callable[[], None] = lambda: None
    sessions: Sessions = field(default_factory=Sessions)
    ending: bool = False
    tuning: bool = False
    """Whether settings are being tried just now."""

    @property
    def model(self) -> str:
        """What the model is called; "" before one has been loaded."""
        return self.worker.plan.pair.name if self.worker.plan is not None else ""


def application(host: Host) -> FastAPI:
    """The application over one worker."""

    @contextlib.asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        watching = asyncio.create_task(host.monitor.watch())
        yield
        watching.cancel()

    app = FastAPI(title="ChatBT engine", version=__version__, docs_url=None, redoc_url=None, lifespan=life)
    app.state.host = host
    for module in sorted(iter_modules(routes.__path__), key=lambda found: found.name):
        app.include_router(import_module(f"{routes.__name__}.{module.name}").router)
    return app
