"""Colour, where the stream is a terminal that wants it."""

import os
from collections.abc import Callable
from typing import TextIO

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}

Paint = Callable[[str, str], str]


def coloured(out: TextIO) -> bool:
    """Whether to write colours: on a terminal, unless the user's NO_COLOR or FORCE_COLOR says otherwise."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (out.isatty() and os.environ.get("TERM") != "dumb")


def style(out: TextIO) -> Paint:
    """A function that dresses a text in styles such as "bold red", or leaves it as it is."""
    if not coloured(out):
        return lambda text, _: text
    return lambda text, styles: f"\033[{';'.join(_CODES[one] for one in styles.split())}m{text}\033[0m"
