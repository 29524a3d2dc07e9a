"""The chunks after an edit, found again only where the edit can have changed them."""

from collections.abc import Sequence
from typing import NamedTuple

from chatbt.source.chunks import Chunk, Chunker, Unit
from chatbt.source.document import Splice


class Change(NamedTuple):
    """What an edit did to the chunks: those that went, and those that came. All others were at most moved."""

    gone: list[Chunk]
    come: list[Chunk]


def update(units: list[Unit], lines: Sequence[str], splice: Splice) -> Change:
    """Bring `units`, the units of the text before `splice`, to `lines`, the text after it, in place.

    The result equals `all_units(lines)`.
    """
    first = next((index for index, unit in enumerate(units) if unit.reach > splice.start), len(units))
    position, owner = (units[first].start, units[first].owner) if first < len(units) else (0, None)
    chunker = Chunker(lines)
    fresh: list[Unit] = []
    gone: list[Chunk] = []
    come: list[Chunk] = []
    index = first
    while position < len(lines):
        behind = position >= splice.new_stop
        line = position - splice.growth if behind else min(position, splice.start)
        while index < len(units) and units[index].start < line:
            gone += units[index].chunks
            index += 1
        old = units[index] if index < len(units) and units[index].start == line else None
        # A byte order mark says another thing at the top of a file than elsewhere: what it starts does not just move.
        if old is not None and old.owner is owner and behind and not lines[position].startswith("\ufeff"):
            break
        if old is not None and old.owner is owner and old.reach <= splice.start:
            unit = old
        else:
            unit = _found(chunker, position, owner, old)
        if unit is old:
            index += 1
        else:
            come += unit.chunks
        fresh.append(unit)
        position, owner = unit.stop, unit.inside
    else:
        gone += [chunk for unit in units[index:] for chunk in unit.chunks]
        index = len(units)
    if growth := splice.growth:
        for unit in units[index:]:
            unit.move(growth)
    units[first:index] = fresh
    return Change(gone, come)


def _found(chunker: Chunker, position: int, owner: Chunk | None, old: Unit | None) -> Unit:
    """The unit at `position`; it is `old` if that is what it was there."""
    if old is None:
        return chunker.unit(position, owner)
    chunker.learn(old)
    unit = chunker.unit(position, owner)
    if (old.start, old.owner) != (position, owner) or not _equal(old, unit):
        return unit
    old.reach = unit.reach
    return old


def _equal(one: Unit, other: Unit) -> bool:
    return (
        len(one.chunks) == len(other.chunks)
        and all(left.parsed is right.parsed for left, right in zip(one.chunks, other.chunks, strict=True))
        and (one.inside is None) == (other.inside is None)
    )
