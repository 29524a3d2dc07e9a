"""The formats in which findings are written: each a function that takes results and a stream."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TextIO

from chatbt.workspace.check_result import Result

Write = Callable[[Sequence[Result], TextIO], None]

# Each format, and the module whose function of that name (hyphens as underscores) writes it.
_MODULES = {
    "full": "full",
    "concise": "concise",
    "json": "records",
    "json-lines": "records",
    "sarif": "sarif",
    "github": "services",
    "gitlab": "services",
    "junit": "services",
}
FORMATS = tuple(_MODULES)
WITH_FIXES = frozenset({"full", "json", "json-lines", "sarif"})
"""The formats that show fixes: making them costs time."""


def writer(name: str) -> Write:
    """The function that writes a format."""
    write: Write = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name.replace("-", "_"))
    return write
