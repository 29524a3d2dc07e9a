"""Modules that do not exist."""

import re
import sys

from chatbt.orchestrator.checks import Said

_QUOTED = re.compile(r"`([^`\n]+)`")
_IMPORT = re.compile(
    r"^\s*(?:from|import) +([^\W\d]\w*)(?:\.\w+)*(?: +import\b.*|[\t ]*(?:$|,.*|as\b.*))", re.MULTILINE
)
_SPOKEN = re.compile(r"`([^\W\d]\w*)(?:\.\w+)*`(?: standard)?(?: library)? module\b|\bmodule `([^\W\d]\w*)`")


def check(said: Said) -> str | None:
    """What is imported, or called a module, is the standard library's, or stands in the code."""
    code = [code for _, code in said.blocks] + _QUOTED.findall(said.prose)
    named = {name for one in code for name in _IMPORT.findall(one)}
    named |= {one or other for one, other in _SPOKEN.findall(said.prose)}
    foreign = sorted(named - sys.stdlib_module_names - said.names)
    return f"speaks of a module `{foreign[0]}`, which the standard library does not have" if foreign else None
