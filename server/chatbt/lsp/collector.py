"""The garbage collector and trees: what is known of a text is big, full of cycles, and lives until it is closed.

No collection takes place while a message is handled. What a message left behind is collected when it has been
answered; what outlived that is looked at again when nothing else is to be done.
"""

import asyncio
import gc

_YOUNG = 5_000
"""Objects, of which a keystroke in a short function leaves fewer."""
_GROWN = 50_000
"""Objects made since all was looked through, for it to be worth while when nothing else is to be done."""
_MOST = 500_000
"""Objects made, for it to be done at once."""
_IDLE_S = 1.0


def clear() -> None:
    """Collect what much work has left: whoever did it should, not who comes next."""
    gc.collect(1)


class Collector:
    """Collects for a session; Python's own collecting, in the middle of anything, is off in a server."""

    def __init__(self) -> None:
        self._timer: asyncio.TimerHandle | None = None
        self._grown = 0
        self._released = False

    def keep(self) -> None:
        """What there is now is there to stay: no collection walks it until it is released."""
        gc.freeze()

    def release(self) -> None:
        """What was there to stay may be garbage now."""
        self._released = True

    def answered(self) -> None:
        """Something has been done: collect what that left, and everything when nothing has been done for a while."""
        young = gc.get_count()[0]
        if young >= _YOUNG:
            gc.collect(0)
            self._grown += young
        self.stop()
        if self._grown >= _MOST:
            self._grown = 0
            gc.collect()
        if self._released or self._grown >= _GROWN:
            self._timer = asyncio.get_running_loop().call_later(_IDLE_S, self._collect)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _collect(self) -> None:
        self._grown = 0
        if self._released:
            gc.unfreeze()
        gc.collect()
        if self._released:
            gc.freeze()
        self._released = False
