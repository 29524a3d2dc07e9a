"""New names and texts put where other words stand."""

import builtins
import keyword

from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range

_ENDINGS = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", ""))
_KEPT = ("ss", "us", "is")
_SPECIAL = {
    "aliases": "alias", "axes": "axis", "caches": "cache", "children": "child", "cookies": "cookie",
    "indices": "index", "kwargs": "", "matrices": "matrix", "movies": "movie", "news": "", "people": "person",
    "series": "", "species": "", "statuses": "status", "vertices": "vertex",
}  # fmt: skip


def singular(plural: str) -> str | None:
    """The word for one of `plural`: `names`: `name`, `all_entries`: `entry`; None if it does not read as a plural."""
    before, _, last = plural.rpartition("_")
    prefix = f"{before}_" if before and before.lower() != "all" else ""
    lower = last.lower()
    if lower == "list" and before:
        return singular(before) or before
    if lower in _SPECIAL:
        return f"{prefix}{_SPECIAL[lower]}" if _SPECIAL[lower] else None
    if lower.endswith(_KEPT):
        return None
    for ending, other in _ENDINGS:
        if lower.endswith(ending) and len(last) > len(ending):
            return f"{prefix}{last[: -len(ending)]}{other}"
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
