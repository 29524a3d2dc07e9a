"""A stand-in for CUDA graphs on a CPU, as blind as they are: operations on fixed memory, played again one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

from chatbt.dsde.graphs import Graphs

aten = torch.ops.aten
SYNCS = frozenset(
    {
        aten._local_scalar_dense.default,
        aten.is_nonzero.default,
        aten.nonzero.default,
        aten.masked_select.default,
        aten.equal.default,
        aten._unique2.default,
        aten.repeat_interleave.Tensor,
    }
)
"""What a GPU answers only when it has done everything before."""
PICKS = frozenset({aten.index.Tensor, aten.index_put.default, aten.index_put_.default, aten._index_put_impl_.default})


class Unsynced(TorchDispatchMode):
    """Nothing is looked at on the host."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        assert func not in SYNCS, f"{func} waits for the device"
        if func in PICKS:
            picks = [pick for pick in args[1] if pick is not None]
            assert not any(pick.dtype is torch.bool for pick in picks), f"{func} by a mask waits for the device"
        return func(*args, **(kwargs or {}))


class Recording(Unsynced):
    """The operations of a step. Only those are repeated: what Python did between them is not."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.calls: list[tuple[Any, Any, Any, Any]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        assert func is not aten.lift_fresh.default, "a value of the host's goes into a recorded step"
        out = super().__torch_dispatch__(func, types, args, kwargs)
        self.calls.append((func, args, kwargs or {}, out))
        return out

    def play(self) -> None:
        """Repeat them."""
        fresh: dict[int, Tensor] = {}

        def now(value: Any) -> Any:
            return fresh.get(id(value), value) if isinstance(value, Tensor) else value

        for func, args, kwargs, out in self.calls:
            made = func(*tree_map(now, args), **tree_map(now, kwargs))
            for old, new in zip(tree_leaves(out), tree_leaves(made), strict=True):
                if isinstance(old, Tensor):
                    fresh[id(old)] = new


def record(step: Callable[[], None]) -> Callable[[], None]:
    """As with CUDA graphs the step runs once before it is recorded. (There recording runs nothing.)"""
    step()
    recording = Recording()
    with recording:
        step()
    return recording.play


def recorded(device: torch.device) -> Graphs:
    """In the place of `graphs_on`."""
    return Graphs(record)
