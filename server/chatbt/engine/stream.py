"""Server-sent events, out of the bytes of a response."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

LONGEST = 2**20
"""Bytes of a line; what sends longer ones sends no events."""


class StreamError(Exception):
    """The bytes are no events; what they are instead."""


async def events(chunks: AsyncIterator[bytes]) -> AsyncGenerator[tuple[str, str], None]:
    """The kind and the data of each event, until the stream ends."""
    kind, data = "message", list[str]()
    async for line in _lines(chunks):
        if not line:
            if data:
                yield kind, "\n".join(data)
            kind, data = "message", []
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            data.append(value)
        elif name == "event":
            kind = value
        elif name not in ("", "id", "retry"):
            raise StreamError(f"what is no answer: {line[:80]}")
    if data:
        yield kind, "\n".join(data)


async def _lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    rest = b""
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > LONGEST:
            raise StreamError("a line that does not end")
        for line in lines:
            yield line.rstrip(b"\r").decode("utf-8", "replace")
    if rest:
        yield rest.rstrip(b"\r").decode("utf-8", "replace")
