"""What became of generated texts, as the clients that check them tell it."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from chatbt.engine.shapes import OUTCOMES, Outcome
from chatbt.enginehost.answers import error
from chatbt.enginehost.app import Host

router = APIRouter()
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
CHECKS = 20
"""The most checks that one text may have failed."""


@router.post("/api/outcomes", response_model=None)
async def outcomes(request: Request, body: Outcome) -> dict[str, bool] | JSONResponse:
    """Count one: names of checks only, no text."""
    host: Host = request.app.state.host
    if body.outcome not in OUTCOMES:
        return error(400, f"outcome is not known; known are {', '.join(OUTCOMES)}")
    if len(body.failed) > CHECKS or not all(_NAME.fullmatch(each) for each in body.failed):
        return error(400, f"failed is at most {CHECKS} names of checks")
    host.monitor.outcome(body)
    return {"counted": True}
