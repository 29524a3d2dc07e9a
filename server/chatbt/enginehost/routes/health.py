"""Whether somebody is there, and how the engine is."""

from __future__ import annotations

import resource

from fastapi import APIRouter, Request

from chatbt import __version__
from chatbt.engine.shapes import Health
from chatbt.enginehost.app import Host

router = APIRouter()


@router.get("/live")
async def live() -> dict[str, bool]:
    """Somebody is there. Needs no token."""
    return {"live": True}


@router.get("/health")
async def health(request: Request) -> Health:
    """How the engine is."""
    host: Host = request.app.state.host
    worker = host.worker
    running = len(worker.asks)
    return Health(
        state=worker.state,
        version=__version__,
        model=host.model,
        device=host.device,
        precision=host.precision,
        memory_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        waiting=worker.pending - running,
        running=running,
        sessions=host.sessions.count(),
        policy=host.policy,
        reason=worker.reason,
    )
