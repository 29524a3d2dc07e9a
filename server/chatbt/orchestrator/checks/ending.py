"""Text that is cut off, or that says nothing."""

import re

from chatbt.orchestrator.checks import Said

_END = re.compile(r"""[.!?:;)\]"'`*_…|]$""")
_LEAST = 12
_SPAN = re.compile(r"`[^`]*`")


def check(said: Said) -> str | None:
    """It comes to an end, with a full stop, and closes what it opens."""
    text = said.text.strip()
    if len(text) < _LEAST:
        return "says next to nothing"
    prose = said.prose
    fences = [line for line in text.splitlines() if line.lstrip().startswith("```")]
    cut = not said.ended or not _END.search(text)
    if cut or len(fences) % 2 or prose.count("`") % 2:
        return "is cut off in the middle"
    pieces = [_SPAN.sub("", prose), *(span for span in _SPAN.findall(prose) if len(span) > len('`"`'))]
    if any(piece.count('"') % 2 for piece in pieces):
        return "opens a quotation that it does not close"
    return None
