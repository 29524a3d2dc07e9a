"""The figures as they change, as server-sent events."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, StreamingResponse

from chatbt.enginehost.answers import error
from chatbt.enginehost.app import Host
from chatbt.enginehost.figures.alerts import Alert
from chatbt.enginehost.monitor import LISTENERS

router = APIRouter()


@router.get("/api/events", response_model=None)
async def events(
    request: Request, seconds: Annotated[float, Query(ge=0.1, le=60)] = 1.0
) -> StreamingResponse | JSONResponse:
    """`figures` every so many seconds, and each `alert` at once."""
    host: Host = request.app.state.host
    if len(host.monitor.listeners) >= LISTENERS:
        return error(429, f"{LISTENERS} listen already", {"Retry-After": "5"})
    return StreamingResponse(_told(host, seconds), media_type="text/event-stream")


async def _told(host: Host, seconds: float) -> AsyncIterator[str]:
    news: asyncio.Queue[Alert] = asyncio.Queue()
    host.monitor.listeners.add(news)
    try:
        while not host.ending:
            yield _event("figures", host.monitor.figures())
            until = time.monotonic() + seconds
            while (left := until - time.monotonic()) > 0:
                try:
                    alert = await asyncio.wait_for(news.get(), left)
                except TimeoutError:
                    break
                yield _event("alert", asdict(alert))
    finally:
        host.monitor.listeners.discard(news)


def _event(kind: str, told: Any) -> str:
    return f"event: {kind}\ndata: {json.dumps(told)}\n\n"
