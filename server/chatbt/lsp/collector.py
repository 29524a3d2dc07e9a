"""The garbage collector and trees: what is known of an open text is big, full of cycles, and lives until it is closed.

While it is built there is nothing to collect, and afterwards no collection during a keystroke should walk it.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def building() -> Iterator[None]:
    """What is made in here is left alone by the collector until `released`."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # first: as soon as it may, the collector walks all that is young
        gc.enable()


def released() -> None:
    """What was built may be garbage now."""
    gc.unfreeze()
