"""State with a row for each slot, on the device."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any, Self

import torch
from torch import Tensor

from chatbt.dsde.traces import Function, traced


def placed(values: Sequence[Any], device: torch.device, dtype: torch.dtype | None = None) -> Tensor:
    """`values` on the device. On a GPU `torch.tensor(values, device=device)` waits until all is done that was asked of
    it before; this does not."""
    return torch.tensor(values, dtype=dtype).to(device, non_blocking=True)


class PerSlot:
    """Every tensor attribute has a row for each slot, but for those whose name begins with an underscore."""

    _views: dict[int, PerSlot]

    def first(self, rows: int) -> Self:
        """The first `rows` rows, sharing their memory. Kept: slicing costs as much as computing."""
        views = self.__dict__.setdefault("_views", {})
        view = views.get(rows)
        if view is None:
            view = views[rows] = copy.copy(self)
            view.__dict__.pop("_views")
            for name, part in vars(self).items():
                if isinstance(part, Tensor) and not name.startswith("_"):
                    setattr(view, name, part[:rows])
                elif isinstance(part, PerSlot):
                    setattr(view, name, part.first(rows))
        own: Self = view
        return own

    def move(self, source: int, target: int) -> None:
        """Let row `target` be what `source` is."""
        for name, part in vars(self).items():
            if isinstance(part, Tensor) and not name.startswith("_"):
                part[target] = part[source]
            elif isinstance(part, PerSlot):
                part.move(source, target)


class Routine:
    """A function of the first rows of some state, and of further tensors, that changes the state in place.

    On a CPU it is traced, once for every number of rows. On a GPU, whose time its launches do not cost, it is run as it
    is. What the function decides in Python has to be the same every time.
    """

    def __init__(self, function: Callable[..., Tensor], *holders: PerSlot) -> None:
        self._function, self._holders = function, holders
        self._parts = [(at, name) for at, holder in enumerate(holders) for name in _tensors(holder)]
        self._made: dict[int, Function] = {}

    def __call__(self, rows: int, *inputs: Tensor) -> Tensor:
        views = [holder.first(rows) for holder in self._holders]
        state = [getattr(views[at], name) for at, name in self._parts]
        if not state or state[0].device.type != "cpu":
            return self._function(*views, *inputs)
        made = self._made.get(rows)
        if made is None:
            # The run that finds it out works on copies.
            made = self._made[rows] = traced(self._over(views), [each.clone() for each in (*state, *inputs)])
        return made(*state, *inputs)

    def _over(self, views: Sequence[PerSlot]) -> Function:
        def function(*given: Tensor) -> Tensor:
            copies = [copy.copy(view) for view in views]
            for (at, name), part in zip(self._parts, given, strict=False):
                setattr(copies[at], name, part)
            return self._function(*copies, *given[len(self._parts) :])

        return function


def _tensors(holder: PerSlot) -> list[str]:
    return [name for name, part in vars(holder).items() if isinstance(part, Tensor) and not name.startswith("_")]
