"""Whether all answers are the same, as greedy decoding promises; and where they are not, how near the tie was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from chatbt.dsde.bench.measuring import Row
from chatbt.dsde.bench.prompts import Prompt

Tokens = Sequence[int]
Gap = Callable[[Tokens, int, int], float]
"""How much likelier the second of these is behind the first than the third, in logits."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place at which an answer is not that of plain decoding."""

    runner: str
    group: str
    prompt: int
    place: int
    gap: float
    """Between the two tokens' logits there."""


def differences(
    group: str, rows: Mapping[str, Row], reference: str, prompts: Sequence[Prompt], end: int, gap: Gap
) -> list[Difference]:
    """Every answer that is not the reference's."""
    found = []
    for name, row in rows.items():
        for number, (own, right) in enumerate(zip(row.answers, rows[reference].answers, strict=True)):
            if own != right:
                place = parting(own, right)
                one, other = ((*answer, end)[place] for answer in (own, right))
                distance = abs(gap([*prompts[number].tokens, *right[:place]], one, other))
                found.append(Difference(name, group, number, place, distance))
    return found


def parting(one: Tokens, other: Tokens) -> int:
    """The first place at which two answers differ; where one ends first, its end."""
    both = enumerate(zip(one, other, strict=False))
    return next((place for place, (left, right) in both if left != right), min(len(one), len(other)))
