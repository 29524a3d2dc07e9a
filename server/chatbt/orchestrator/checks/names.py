"""Names that stand neither in the code nor on the card, and that Python does not have either."""

import builtins
import keyword
import re
import sys

from chatbt.orchestrator.checks import Said, names_in

_QUOTED = re.compile(r"(`+)(.+?)\1", re.DOTALL)
_CALL = re.compile(r"(?<![\w.])[^\W\d]\w*(?=\()")
_WITH_UNDERSCORE = re.compile(r"(?<!\w)\w*[^\W_]_\w+")
_STRING = re.compile(r"""("[^"\n]*"|'[^'\n]*')""")
_TYPES = (str, bytes, bytearray, list, dict, set, tuple, frozenset, int, float, complex, type, BaseException)
_OF_PYTHON = frozenset(
    [
        *keyword.kwlist,
        *keyword.softkwlist,
        *dir(builtins),
        *sys.stdlib_module_names,
        *(name for kind in _TYPES for name in dir(kind)),
        *("self", "cls", "args", "kwargs", "pip", "pyproject", "toml", "chatbt", "ignore", "noqa", "tool"),
    ]
)


def check(said: Said) -> str | None:
    """What is quoted, called, or has an underscore, is a name."""
    prose = said.prose
    spans = [_STRING.sub(" ", found[2]) for found in _QUOTED.finditer(prose)]
    rest = _QUOTED.sub(" ", prose)
    named = names_in(" ".join(spans)) | set(_CALL.findall(rest)) | set(_WITH_UNDERSCORE.findall(rest))
    foreign = sorted(named - said.names - _OF_PYTHON)
    if not foreign:
        return None
    shown = ", ".join(f"`{name}`" for name in foreign[:3])
    return f"names {shown}, which stand{'s' if len(foreign) == 1 else ''} neither in the code nor on the card"
