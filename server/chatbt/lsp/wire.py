"""Messages and bytes: JSON-RPC's base protocol, `Content-Length` headers in front of JSON bodies."""

from __future__ import annotations

import os
import re

TYPE_CHECKING = False  # typing takes 5 ms to import, which `initialize` would wait for
if TYPE_CHECKING:
    from collections.abc import Iterator

_LENGTH = re.compile(rb"content-length:[ \t]*(\d{1,9})[ \t]*(?:\r\n|\Z)", re.IGNORECASE)
_END = b"\r\n\r\n"
_LONGEST_HEADER = 1 << 14


class Frames:
    """Cuts a stream of bytes into message bodies. What is no header is dropped, up to the next one that is."""

    def __init__(self, dropped: list[bytes] | None = None) -> None:
        """`dropped` collects what could not be a header, for the log."""
        self.rest = bytearray()
        self.dropped = [] if dropped is None else dropped
        self._awaited = -1

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bodies that are complete once `data` has come."""
        rest = self.rest
        rest += data
        while True:
            if self._awaited < 0 and not self._header():
                return
            if len(rest) < self._awaited:
                return
            body = bytes(rest[: self._awaited])
            del rest[: self._awaited]
            self._awaited = -1
            yield body

    def _header(self) -> bool:
        """Read one header; whether a body's length is known now."""
        rest = self.rest
        while (end := rest.find(_END)) >= 0:
            header = bytes(rest[:end])
            del rest[: end + len(_END)]
            *_, last = [None, *_LENGTH.finditer(header)]
            if last is not None:
                self._awaited = int(last[1])
                return True
            self.dropped.append(header)
        if len(rest) > _LONGEST_HEADER:
            self.dropped.append(bytes(rest[:-64]))
            del rest[:-64]
        return False


def framed(body: bytes) -> bytes:
    """A body with its header."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def own_output() -> int:
    """A descriptor of standard output that nobody else has: a stray `print` goes to standard error."""
    output = os.dup(1)
    os.dup2(2, 1)
    return output


def write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
