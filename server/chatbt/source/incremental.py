"""The chunks after an edit, found again only where the edit can have changed them."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from chatbt.source.chunks import Chunk, Chunker, Parsed, Unit
from chatbt.source.document import Splice


class Change(NamedTuple):
    """What an edit did to the chunks: those that went, and those that came. All others were at most moved."""

    gone: list[Chunk]
    come: list[Chunk]


def update(units: list[Unit], lines: Sequence[str], splice: Splice) -> Change:
    """Bring `units`, the units of the text before `splice`, to `lines`, the text after it, in place.

    The result equals `all_units(lines)`.
    """
    index = max(bisect_right(units, splice.start, key=lambda unit: unit.start) - 1, 0)
    if index < len(units):
        change = _members(units, index, lines, splice)
        if change is not None:
            return change
    # A unit may end where it does because of the first line of the next, and of a distant one if it holds an open string.
    index = max(index - 1, 0)
    index = next((i for i, unit in enumerate(units[:index]) if unit.reach > splice.start), index)
    stop = bisect_right(units, splice.stop, lo=index, key=lambda unit: unit.start)
    chunker = Chunker(lines, _known(chunk for unit in units[index : stop + 1] for chunk in unit.chunks))
    fresh: list[Unit] = []
    old = index
    for unit in chunker.units(units[index].start if index < len(units) else 0):
        fresh.append(unit)
        if unit.stop < splice.new_stop:
            continue
        while old < len(units) and units[old].start + splice.growth < unit.stop:
            old += 1
        if old < len(units) and units[old].start >= splice.stop and units[old].start + splice.growth == unit.stop:
            break
    else:
        old = len(units)
    gone = [chunk for unit in units[index:old] for chunk in unit.chunks]
    _move(units[old:], splice.growth)
    units[index:old] = fresh
    return Change(gone, [chunk for unit in fresh for chunk in unit.chunks])


def _members(units: list[Unit], index: int, lines: Sequence[str], splice: Splice) -> Change | None:
    """The change if it stays within the members of one class, else None."""
    unit = units[index]
    if unit.members is None or splice.start <= unit.members[0] or splice.stop >= unit.stop:
        return None
    if any(earlier.reach > splice.start for earlier in units[:index]):
        return None
    behind, indent = unit.members
    first = bisect_right(unit.chunks, splice.start, key=lambda chunk: chunk.start) - 2
    first = max(first, 1)
    while first > 1 and unit.chunks[first].parsed.fault is not None:
        first -= 1
    end = bisect_right(unit.chunks, splice.stop, key=lambda chunk: chunk.start)
    chunker = Chunker(lines, _known(unit.chunks[first : end + 1]))
    start, stop = unit.chunks[first].start, unit.stop + splice.growth
    starts = {chunk.start + splice.growth: i for i, chunk in enumerate(unit.chunks) if chunk.start >= splice.stop}
    fresh: list[Chunk] = []
    while start < stop:
        if start >= splice.new_stop and start in starts and not _joins(unit.chunks, starts[start]):
            break
        if lines[start][:1] not in (" ", "\t", "\f", "#", "\n", "\r"):
            return None
        chunks, start, cut = chunker.members(start, stop, indent)
        if cut or any(_leaves(chunk, lines) for chunk in chunks):
            return None
        fresh += chunks
    old = starts.get(start, len(unit.chunks))
    if start == stop and old == len(unit.chunks):
        return None
    for chunk in fresh:
        chunk.owner = unit.chunks[0]
    gone = unit.chunks[first:old]
    for chunk in unit.chunks[old:]:
        chunk.start += splice.growth
    unit.chunks[first:old] = fresh
    unit.stop += splice.growth
    unit.reach += splice.growth
    _move(units[index + 1 :], splice.growth)
    return Change(gone, fresh)


def _joins(chunks: list[Chunk], index: int) -> bool:
    """Whether the chunk at `index` is a later part of a run that was split because it does not parse."""
    return chunks[index].parsed.fault is not None or chunks[index - 1].parsed.fault is not None


def _leaves(chunk: Chunk, lines: Sequence[str]) -> bool:
    """Whether a line of a chunk that does not parse may end the class."""
    return chunk.parsed.fault is not None and any(
        line[:1] not in (" ", "\t", "\f", "#", "\n", "\r", "") for line in lines[chunk.start : chunk.stop]
    )


def _known(chunks: Iterable[Chunk]) -> dict[tuple[str, str, str], Parsed]:
    return {(chunk.parsed.text, chunk.parsed.role, chunk.parsed.indent): chunk.parsed for chunk in chunks}


def _move(units: Sequence[Unit], lines: int) -> None:
    if lines:
        for unit in units:
            unit.move(lines)
