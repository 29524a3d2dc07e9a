"""The machine: what it is, how fast its memory is, how long it takes."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from typing import Any

import torch


def machine(device: torch.device) -> dict[str, Any]:
    """Versions, and what it runs on."""
    import transformers

    told = {"python": platform.python_version(), "torch": torch.__version__, "transformers": transformers.__version__}
    if device.type != "cuda":
        return {**told, "device": platform.machine(), "threads": torch.get_num_threads()}
    return {**told, "device": torch.cuda.get_device_name(device), "cuda": torch.version.cuda}


def copy_bandwidth(size: int, device: torch.device) -> float:
    """Bytes a second, read and written, of the best of ten copies of `size` bytes."""
    source = torch.zeros(size, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    seconds = [timed(lambda: target.copy_(source), device) for _ in range(11)]
    return 2 * size / min(seconds[1:])


def timed(work: Callable[[], object], device: torch.device) -> float:
    """Seconds until it is done: a GPU is waited for."""
    wait = torch.cuda.synchronize if device.type == "cuda" else lambda *_: None
    wait(device)
    began = time.perf_counter()
    work()
    wait(device)
    return time.perf_counter() - began
