"""Lines for the user: what was asked for on stdout, what went wrong on stderr."""

import sys


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")


def warn(text: str) -> None:
    """`text` on stderr, behind the program's name."""
    sys.stdout.flush()
    sys.stderr.write(f"chatbt: {text}\n")
