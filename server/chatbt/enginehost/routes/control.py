"""Ending the engine."""

from __future__ import annotations

from fastapi import APIRouter, Request

from chatbt.enginehost.app import Host

router = APIRouter()


@router.post("/api/stop")
async def stop(request: Request) -> dict[str, bool]:
    """End after this answer: what is being decoded is cut off."""
    host: Host = request.app.state.host
    host.stop()
    return {"stopping": True}
