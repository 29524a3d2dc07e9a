"""Prompts that begin alike are read once: the caches of recent prompts, copied back into a new row."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from torch import Tensor

from chatbt.dsde.cache import AttentionCache, Cache

SHORTEST = 16
"""Fewer shared tokens are read faster than they are found."""


@dataclass(frozen=True, slots=True)
class Prefix:
    """What the target's layers held after a prompt. A recurrent state is only good for the whole of it."""

    parts: list[tuple[Tensor, ...]]
    divisible: bool


class Prefixes:
    """The newest `capacity` prompts of a cache."""

    def __init__(self, cache: Cache, capacity: int) -> None:
        self.cache = cache
        self.capacity = capacity
        self._kept: OrderedDict[tuple[int, ...], Prefix] = OrderedDict()

    def store(self, tokens: list[int], row: int) -> None:
        """Keep what `row` holds: exactly `tokens`."""
        key = tuple(tokens)
        if len(tokens) < SHORTEST or not self.capacity:
            return
        if key in self._kept:
            self._kept.move_to_end(key)
            return
        parts: list[tuple[Tensor, ...]] = []
        divisible = True
        for layer in self.cache.layers:
            if isinstance(layer, AttentionCache):
                parts.append((layer.kept[row, : len(tokens)].clone(),))
            else:
                divisible = False
                parts.append((layer.states[row, 0].clone(), layer.inputs[row, : layer.kept].clone()))
        self._kept[key] = Prefix(parts, divisible)
        if len(self._kept) > self.capacity:
            self._kept.popitem(last=False)

    def forget(self, tokens: list[int] | None = None) -> bool:
        """Drop what begins as `tokens` do, by default everything; whether there was any."""
        gone = [key for key in self._kept if tokens is None or _shared(key, tokens)]
        for key in gone:
            del self._kept[key]
        return bool(gone)

    def restore(self, tokens: list[int], row: int) -> int:
        """Put the longest known beginning of `tokens`, without the last, into a cleared `row`; how many they are."""
        best, length = None, 0
        for key, prefix in self._kept.items():
            shared = _shared(key, tokens[:-1])
            if shared > length and (prefix.divisible or shared == len(key)):
                best, length = key, shared
        if best is None or length < SHORTEST:
            return 0
        self._kept.move_to_end(best)
        for layer, part in zip(self.cache.layers, self._kept[best].parts, strict=True):
            if isinstance(layer, AttentionCache):
                layer.kept[row, :length] = part[0][:length]
            else:
                layer.states[row, 0], layer.inputs[row, : layer.kept] = part
        self.cache.lengths[row] = length
        return length


def _shared(left: tuple[int, ...], right: list[int]) -> int:
    """How many tokens both begin with."""
    return next((at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
