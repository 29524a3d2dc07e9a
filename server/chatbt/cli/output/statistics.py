"""How often each rule was reported."""

from collections import Counter
from collections.abc import Sequence
from typing import TextIO

from chatbt.workspace.check_result import Record, Result


def statistics(results: Sequence[Result], out: TextIO) -> None:
    """A table: the count, the rule, and [*] where every finding, [-] where some of them have a safe fix."""
    counted = _counted(results)
    wide = max((len(str(count)) for _, _, count, _ in counted), default=0)
    for code, name, count, fixable in counted:
        mark = "*" if fixable == count else "-" if fixable else " "
        out.write(f"{count:>{wide}}\t{code:<5}\t[{mark}] {name}\n")


def statistics_json(results: Sequence[Result], out: TextIO) -> None:
    """The same with ruff's names."""
    import orjson

    rows = [
        {"code": code, "name": name, "count": count, "fixable": fixable > 0, "fixable_count": fixable}
        for code, name, count, fixable in _counted(results)
    ]
    out.write(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode() + "\n")


def _counted(results: Sequence[Result]) -> list[tuple[str, str, int, int]]:
    """(code, name, findings, findings with a safe fix), the most frequent first."""
    found = [one for result in results for one in result.records]
    counts = Counter((one.code, one.name) for one in found)
    fixable = Counter(one.code for one in found if _is_fixable(one))
    return [(code, name, count, fixable[code]) for (code, name), count in sorted(counts.items(), key=_rank)]


def _rank(item: tuple[tuple[str, str], int]) -> tuple[int, str]:
    return -item[1], item[0][0]


def _is_fixable(one: Record) -> bool:
    return one.fix is not None and one.fix.applicability == "safe"
