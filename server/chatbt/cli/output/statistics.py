"""How often each rule was reported, and what fixing it would take."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, TextIO

from chatbt.workspace.check_result import Result


class Count(NamedTuple):
    """A rule, how often it was reported, and for how many of these there is a fix that is safe, or to review."""

    code: str
    name: str
    found: int
    safe: int
    review: int


def statistics(results: Sequence[Result], out: TextIO) -> None:
    """A table: the count, the rule, [*] where every finding, [-] where some of them have a safe fix, and the fixes."""
    counted = _counted(results)
    wide = max((len(str(one.found)) for one in counted), default=0)
    for one in counted:
        mark = "*" if one.safe == one.found else "-" if one.safe else " "
        classes = ((one.safe, "safe"), (one.review, "to review"))
        fixes = ", ".join(f"{count} {name}" for count, name in classes if count)
        out.write(f"{one.found:>{wide}}\t{one.code:<5}\t[{mark}] {one.name}{fixes and f' ({fixes})'}\n")


def statistics_json(results: Sequence[Result], out: TextIO) -> None:
    """The same with ruff's names."""
    import orjson

    rows = [
        {
            "code": one.code,
            "name": one.name,
            "count": one.found,
            "fixable": one.safe > 0,
            "fixable_count": one.safe,
            "review_count": one.review,
        }
        for one in _counted(results)
    ]
    out.write(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode() + "\n")


def _counted(results: Sequence[Result]) -> list[Count]:
    """The most frequent first."""
    found = [one for result in results for one in result.records]
    counts = Counter((one.code, one.name) for one in found)
    fixes = Counter((one.code, one.fix.applicability) for one in found if one.fix)
    rows = [
        Count(code, name, count, fixes[code, "safe"], fixes[code, "unsafe"]) for (code, name), count in counts.items()
    ]
    return sorted(rows, key=lambda one: (-one.found, one.code))
