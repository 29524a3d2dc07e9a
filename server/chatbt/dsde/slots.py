"""State with a row for each slot, on the device."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, Self

import torch
from torch import Tensor


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
