"""Steps that are recorded once as CUDA graphs and played again: one launch instead of hundreds.

A recorded step is frozen. It reads and writes the same memory every time, so its inputs and outputs are buffers that
its owner keeps; what it has decided in Python stays decided; it must not look at a value on the host.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

import torch

Step = Callable[[], None]


class Graphs:
    """Recorded steps by their key. `record` makes of a step something that plays it; recording runs it once."""

    def __init__(self, record: Callable[[Step], Step]) -> None:
        self._record = record
        self._recorded: dict[Hashable, Step] = {}
        self.captures = 0
        """Steps recorded so far: a number that must not grow after the warm-up."""

    def play(self, key: Hashable, step: Step) -> None:
        """Run the step that was recorded under `key`; `step` is recorded where there is none."""
        recorded = self._recorded.get(key)
        if recorded is None:
            recorded = self._recorded[key] = self._record(step)
            self.captures += 1
        recorded()


def graphs_on(device: torch.device) -> Graphs | None:
    """Where to record steps on this device; None where they are run as they are."""
    return _cuda_graphs(device) if device.type == "cuda" else None


def _cuda_graphs(device: torch.device) -> Graphs:
    """On a GPU all share one pool of memory: they never run at the same time, and what outlives a step is a
    buffer of its owner's, not part of the pool."""
    pool = torch.cuda.graph_pool_handle()
    side = torch.cuda.Stream(device)

    def record(step: Step) -> Step:
        with torch.cuda.device(device):
            # Once as it is: kernels are loaded and libraries initialised, which cannot be captured.
            side.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(side):
                step()
            torch.cuda.current_stream().wait_stream(side)
            graph = torch.cuda.CUDAGraph()
            # Other threads of a server may use the GPU meanwhile.
            with torch.cuda.graph(graph, pool=pool, stream=side, capture_error_mode="thread_local"):
                step()
            return graph.replay

    return Graphs(record)
