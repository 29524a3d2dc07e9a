"""How drafting fares, and finding the settings that suit a goal."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from chatbt.enginehost.answers import error, refusal
from chatbt.enginehost.app import Host
from chatbt.enginehost.asks import BrokenError
from chatbt.enginehost.figures.records import summary
from chatbt.enginehost.tuning import Tuning, tunable, use

router = APIRouter()


class Wanted(BaseModel):
    """A goal: an acceptance or a speed-up over plain decoding of at least `target`, found in about so many seconds."""

    goal: Literal["acceptance", "speedup"]
    target: Annotated[float, Field(gt=0, le=100)]
    seconds: Annotated[float, Field(gt=0, le=300)] = 30.0


@router.get("/api/dsde/performance")
async def performance(request: Request) -> dict[str, Any]:
    """The settings, the rows that are being decoded, the latest requests together and by purpose."""
    host: Host = request.app.state.host
    monitor, worker = host.monitor, host.worker
    lengths: Counter[int] = Counter()
    for stats in worker.live():
        lengths.update(dict(stats.lengths))
    return {
        "settings": asdict(worker.way),
        "live": asdict(monitor.drafting()) | {"lengths": dict(sorted(lengths.items()))},
        "latest": asdict(summary(monitor.live.recent())),
        "by_purpose": {purpose: asdict(told) for purpose, told in monitor.by_purpose().items()},
        "trends": await asyncio.to_thread(monitor.trends),
    }


@router.get("/api/dsde/optimize")
async def settings(request: Request) -> dict[str, Any]:
    """The settings that hold, and those that hold where nobody has tuned them."""
    host: Host = request.app.state.host
    return {"now": asdict(host.worker.way), "usual": asdict(host.usual)}


@router.post("/api/dsde/optimize", response_model=None)
async def optimize(request: Request, body: Wanted) -> dict[str, Any] | JSONResponse:
    """Try settings and keep the fastest that reaches the goal, until the engine ends or DELETE takes it back.

    What is being decoded is finished first; requests that come meanwhile wait.
    """
    host: Host = request.app.state.host
    if body.goal == "acceptance" and body.target > 1:
        return error(400, f"target is {body.target:g}; an acceptance is at most 1")

    def search() -> dict[str, Any]:
        tunable(host.worker)
        return Tuning(host.worker, body.goal, body.target, body.seconds).run()

    return await _done(host, search)


@router.delete("/api/dsde/optimize", response_model=None)
async def back(request: Request) -> dict[str, Any] | JSONResponse:
    """Go back to the usual settings."""
    host: Host = request.app.state.host

    def revert() -> dict[str, Any]:
        use(host.worker, host.usual)
        return {"now": asdict(host.worker.way), "usual": asdict(host.usual)}

    return await _done(host, revert)


async def _done(host: Host, action: Any) -> dict[str, Any] | JSONResponse:
    if host.tuning:
        return error(429, "settings are being tried already", {"Retry-After": "30"})
    host.tuning = True
    try:
        told: dict[str, Any] = await asyncio.wrap_future(host.worker.do(action))
    except BrokenError as problem:
        return refusal(problem)
    except Exception as problem:  # the models' own; the thread has logged it
        return error(503, f"{type(problem).__name__}: {problem}")
    finally:
        host.tuning = False
    return told
