"""Code blocks that do not parse."""

import textwrap

from chatbt.orchestrator.checks import Said
from chatbt.source.chunks import parse_source

_PYTHON = ("", "py", "python", "python3")


def check(said: Said) -> str | None:
    """Every block that is, or may be, Python's, is a piece of code."""
    for language, code in said.blocks:
        if language in _PYTHON:
            try:
                parse_source(textwrap.dedent(code))
            except SyntaxError as error:
                return f"has a code block that does not parse ({error.msg})"
    return None
