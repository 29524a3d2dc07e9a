"""The HTTP application: every module of `routes` adds its own."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from fastapi import FastAPI

from chatbt import __version__
from chatbt.enginehost import routes
from chatbt.enginehost.worker import Worker


@dataclass(slots=True)
class Host:
    """What the routes share."""

    worker: Worker
    model: str
    device: str
    precision: str
    policy: str
    sessions: int = 0

    def templated(self, messages: list[dict[str, str]]) -> str:
        """The prompt that the model's own chat template makes of a conversation."""
        return "\n".join(message["content"] for message in messages)


def application(host: Host) -> FastAPI:
    """The application over one worker."""
    app = FastAPI(title="ChatBT engine", version=__version__, docs_url=None, redoc_url=None)
    app.state.host = host
    for module in sorted(iter_modules(routes.__path__), key=lambda found: found.name):
        app.include_router(import_module(f"{routes.__name__}.{module.name}").router)
    return app
