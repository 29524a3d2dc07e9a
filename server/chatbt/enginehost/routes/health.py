"""Whether somebody is there, and how the engine is."""

from __future__ import annotations

import sys

from fastapi import APIRouter, HTTPException, Request

from chatbt import __version__
from chatbt.engine.shapes import Health
from chatbt.enginehost.app import Host
from chatbt.enginehost.memory import used_memory

router = APIRouter()


@router.get("/live")
async def live() -> dict[str, bool]:
    """Somebody is there. Needs no token."""
    return {"live": True}


@router.get("/health")
async def health(request: Request) -> Health:
    """How the engine is: its state, model, device, memory and queue, and how drafting fares just now.

    One that is ending is none any more: whoever finds it starts another.
    """
    host: Host = request.app.state.host
    if host.ending:
        raise HTTPException(503, "the engine is ending")
    worker, plan = host.worker, host.worker.plan
    host.sessions.meet(request.headers.get("x-chatbt-session", ""))
    return Health(
        state=worker.state,
        version=__version__,
        model=host.model,
        device=plan.device if plan else "",
        precision=plan.precision if plan else "",
        policy=worker.way.policy,
        percent=worker.percent,
        memory_bytes=used_memory(),
        device_memory_bytes=device_memory(plan.device if plan else ""),
        waiting=host.desk.waiting,
        running=host.desk.running,
        capacity=host.desk.capacity,
        sessions=host.sessions.count(),
        reason=worker.reason,
        dsde=host.monitor.drafting(),
    )


def device_memory(device: str) -> int:
    """Bytes that are taken on a GPU."""
    torch = sys.modules.get("torch")
    if torch is None or not device.startswith("cuda"):
        return 0
    return int(torch.cuda.memory_reserved(device))
