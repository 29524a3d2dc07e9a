"""How much memory is free, and how much a model will want."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

CPU = "cpu"
BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}
SPAN = 4096 + 64
"""Positions of a row that a cache has room for, at most."""
_SLACK = 1.15
"""What a model wants beside its weights and caches, as a factor."""
_EXTRA = 256 * 2**20
"""And as a sum: buffers, recorded steps, the libraries themselves."""


@dataclass(frozen=True, slots=True)
class Device:
    """Somewhere to decode: its name as torch has it, the bytes that are free there, and the half precision it is fast
    in, "" where there is none."""

    name: str
    free: int
    half: str = ""


def devices() -> list[Device]:
    """Every GPU, the one with the most free memory first, then the CPU."""
    import torch

    found = []
    if torch.cuda.is_available():
        for index in range(torch.cuda.device_count()):
            half = "bfloat16" if torch.cuda.get_device_capability(index)[0] >= 8 else "float16"
            found.append(Device(f"cuda:{index}", torch.cuda.mem_get_info(index)[0], half))
    found.sort(key=lambda device: -device.free)
    return [*found, Device(CPU, free_memory())]


def free_memory() -> int:
    """Bytes of main memory that this process may still take; without a way to know, a great many."""
    free = 2**62
    try:
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                free = int(line.split()[1]) * 1024
    except (OSError, ValueError):
        try:
            free = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
        except (ValueError, OSError, AttributeError):
            return free
    group = Path("/sys/fs/cgroup")  # a container's own limit
    try:
        limit, used = ((group / name).read_text("ascii").strip() for name in ("memory.max", "memory.current"))
        free = free if limit == "max" else min(free, int(limit) - int(used))
    except (OSError, ValueError):
        return free
    return max(0, free)


def used_memory() -> int:
    """Bytes of main memory that this process has now."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, LookupError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # macOS: bytes, the most there ever were


def parameters(folder: Path) -> int:
    """How many numbers the weights in a folder are; 0 where that cannot be read."""
    return sum(_numbers(path) for path in folder.glob("*.safetensors"))


def cache_numbers(folder: Path) -> int:
    """How many numbers a full row of the model's cache is; 0 where that cannot be read."""
    try:
        told: dict[str, Any] = json.loads((folder / "config.json").read_bytes())
        told = told.get("text_config", told)
        heads = told["num_attention_heads"]
        size = told.get("head_dim") or told["hidden_size"] // heads
        span = min(SPAN, int(told.get("max_position_embeddings", SPAN)) + 64)
        return int(2 * told["num_hidden_layers"] * (told.get("num_key_value_heads") or heads) * size * span)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return 0


def wanted(folders: list[Path], device: str, precision: str, slots: int) -> int:
    """Bytes that the models in the folders will want together."""
    weights = sum(parameters(folder) for folder in folders) * BYTES[precision]
    caches = sum(cache_numbers(folder) for folder in folders) * (4 if device == CPU else BYTES[precision]) * slots
    return int((weights + caches) * _SLACK) + _EXTRA


def _numbers(path: Path) -> int:
    """Of one file, by its head: a length, and JSON with each tensor's shape."""
    try:
        with path.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            head = json.loads(file.read(min(size, 2**26)))
        return sum(prod(each["shape"]) for name, each in head.items() if name != "__metadata__")
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return 0
