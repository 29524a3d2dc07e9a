"""Versions of Python that do not exist."""

import re

from chatbt.orchestrator.checks import Said
from chatbt.workspace.targets import NEWEST

_VERSION = re.compile(r"\bPython(?: version)? (\d+)(?:\.(\d+))?", re.IGNORECASE)
_LAST = {2: 7, 3: NEWEST[1] + 1}
"""The last minor version of each major one; of the newest, the one that is being made."""


def check(said: Said) -> str | None:
    """Whatever is called a version of Python is or will be one."""
    for major, minor in _VERSION.findall(said.text):
        if int(minor or 0) > _LAST.get(int(major), -1):
            return f"speaks of Python {major}{f'.{minor}' if minor else ''}, which does not exist"
    return None
