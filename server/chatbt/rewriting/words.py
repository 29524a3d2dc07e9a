"""New names and texts put where other words stand."""

import builtins
import keyword

from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range

_ENDINGS = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", ""))
_KEPT = ("ss", "us", "is")


def singular(plural: str) -> str | None:
    """The word for one of `plural`: `names`: `name`, `entries`: `entry`; None if it does not read as a plural."""
    lower = plural.lower()
    if lower.endswith("_list"):
        return singular(plural[:-5]) or plural[:-5] or None
    if lower.endswith(_KEPT):
        return None
    for ending, other in _ENDINGS:
        if lower.endswith(ending) and len(plural) > len(ending):
            return plural[: -len(ending)] + other
    return None


def element_name(collection: str, scope: Scope, rewrite: Rewrite, *others: str) -> str:
    """A free name for one of what `collection` holds: its singular, or one of `others`."""
    wanted = (singular(collection.strip("_")) or "").lower()
    is_good = wanted.isidentifier() and not keyword.iskeyword(wanted) and not hasattr(builtins, wanted)
    for name in (wanted if is_good else "", *others):
        if name and rewrite.fresh(name, scope) == name:
            return name
    return rewrite.fresh(others[-1], scope)


def replaced(stretch: Range, text: str, rewrite: Rewrite) -> Edit:
    """The edit that puts `text` at `stretch`, with spaces where it would run into a word beside it."""
    line = rewrite.line(stretch.start.line).encode("utf-8", "surrogatepass")
    before = line[: stretch.start.column].decode("utf-8", "surrogatepass")[-1:]
    line = rewrite.line(stretch.end.line).encode("utf-8", "surrogatepass")
    behind = line[stretch.end.column :].decode("utf-8", "surrogatepass")[:1]
    if not text:
        return Edit(stretch, " " if _is_word(before) and _is_word(behind) else "")
    first = " " if _is_word(before) and (_is_word(text[0]) or text[0] in "\"'") else ""
    last = " " if _is_word(behind) and _is_word(text[-1]) else ""
    return Edit(stretch, f"{first}{text}{last}")


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
