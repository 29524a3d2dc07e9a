"""Noticing that a client has left while its answer is not there yet."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from fastapi import Request

T = TypeVar("T")


class LeftError(Exception):
    """The client has closed the connection."""


async def unless_left(request: Request, awaited: Awaitable[T]) -> T:
    """What is awaited. Raises `LeftError` as soon as the client has left, and then waits no longer."""
    work = asyncio.ensure_future(awaited)
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({work, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        raise LeftError
    finally:
        for task in (work, leaving):
            task.cancel()
        await asyncio.gather(work, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    """Ends when the client leaves. The body has been read: what comes now can be nothing else."""
    while (await request.receive())["type"] != "http.disconnect":
        continue
