"""The HTTP application: every module of `routes` adds its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from fastapi import FastAPI

from chatbt import __version__
from chatbt.enginehost import routes
from chatbt.enginehost.sessions import Sessions
from chatbt.enginehost.worker import Worker


@dataclass(slots=True)
class Host:
    """What the routes share."""

    worker: Worker
    model: str
    device: str
    precision: str
    policy: str
    tokenizer: Any
    stop: Callable[[], None] = lambda: None
    sessions: Sessions = field(default_factory=Sessions)

    def templated(self, messages: list[dict[str, str]]) -> list[int]:
        """The tokens that the model's own chat template makes of a conversation; one turn below the other without."""
        if self.tokenizer.chat_template is None:
            text = "\n\n".join(message["content"] for message in messages)
            return list(self.tokenizer.backend_tokenizer.encode(text).ids)
        told = self.tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)
        return list(told)


def application(host: Host) -> FastAPI:
    """The application over one worker."""
    app = FastAPI(title="ChatBT engine", version=__version__, docs_url=None, redoc_url=None)
    app.state.host = host
    for module in sorted(iter_modules(routes.__path__), key=lambda found: found.name):
        app.include_router(import_module(f"{routes.__name__}.{module.name}").router)
    return app
