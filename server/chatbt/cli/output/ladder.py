"""How far edits climb: a table of the patterns, and why some edits fell."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TextIO

from chatbt.cli.options.files import shown_path
from chatbt.specialists.registry import patterns
from chatbt.verification.ladder import Rung
from chatbt.workspace.check_ladder import Climb, Climbs

_HEADS = ("Id", "Name", "Found", "No edit", "Safe", "Review", "Top")
_SHORT = {
    Rung.PARSES: "parses",
    Rung.ONLY_THE_TARGET: "target",
    Rung.COMMENTS_KEPT: "comments",
    Rung.NO_LONGER_FIRES: "fires",
    Rung.NOTHING_NEW: "new",
    Rung.NOTHING_LEFT: "again",
}


def ladder(results: Sequence[Climbs], out: TextIO) -> None:
    """A row for each pattern that found something; behind `Top` how many edits fell from each rung."""
    by_pattern: defaultdict[str, list[Climb]] = defaultdict(list)
    for result in results:
        for climb in result.climbs:
            by_pattern[climb.pattern].append(climb)
    rows = [(*_HEADS, *_SHORT.values()), *(_row(rule, by_pattern[rule]) for rule in sorted(by_pattern))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        words = (
            cell.ljust(width) if number < 2 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        out.write("  ".join(words).rstrip() + "\n")
    if falls := list(_falls(results)):
        out.write("\nWhat fell, and why (the first place of each):\n")
        out.writelines(f"  {fall}\n" for fall in falls)


def _row(rule: str, climbs: Sequence[Climb]) -> tuple[str, ...]:
    classes = Counter(one.safe for one in climbs)
    rungs = Counter(one.rung for one in climbs if one.safe is not None)
    counts = (len(climbs), classes[None], classes[True], classes[False], rungs[None], *(rungs[one] for one in _SHORT))
    return (rule, patterns()[rule].name, *(str(count) if count else "" for count in counts))


def _falls(results: Sequence[Climbs]) -> Iterator[str]:
    counts: Counter[tuple[str, Rung, str]] = Counter()
    places: dict[tuple[str, Rung, str], str] = {}
    for result in results:
        for one in result.climbs:
            if one.rung is not None:
                key = (one.pattern, one.rung, one.reason)
                counts[key] += 1
                places.setdefault(key, f"{shown_path(result.path)}:{one.line}")
    for key in sorted(counts, key=lambda key: (key[0], -counts[key], key)):
        pattern, rung, reason = key
        yield f"{pattern} {counts[key]} × {rung}: {reason} ({places[key]})"
