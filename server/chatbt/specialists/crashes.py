"""What a crash of a pattern leaves behind: one record in the log, however often the pattern meets the same code."""

import logging
from traceback import walk_tb

from chatbt.specialists.pattern import Pattern

log = logging.getLogger(__name__)

_logged: set[tuple[str, type[Exception], str, int]] = set()


def crashed(pattern: Pattern, error: Exception, consequence: str) -> None:
    """Log that `pattern` raised `error`; the same error from the same line is logged once in a process.

    The next keystroke would raise it again.
    """
    *_, (frame, line) = walk_tb(error.__traceback__)
    known = (pattern.id, type(error), frame.f_code.co_filename, line)
    if known not in _logged:
        _logged.add(known)
        log.error("%s (%s) failed: %s", pattern.id, pattern.name, consequence, exc_info=error)
