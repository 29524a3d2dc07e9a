"""How often threads change places."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_TURN_S = 0.0005


@contextmanager
def short_turns() -> Iterator[None]:
    """Let threads change places often: whoever asks something meanwhile should not wait for the one that loads."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
