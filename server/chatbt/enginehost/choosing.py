"""Which model on which device in which precision: the best that fits, what is tried after it, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from chatbt.engine.models.pairs import Pair
from chatbt.enginehost.memory import CPU, Device, wanted

SLOTS = 8
"""Sequences that are decoded together, where memory allows it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user wants: pairs, the preferred one first; device and precision or "auto"."""

    pairs: tuple[Pair, ...]
    device: str = "auto"
    precision: str = "auto"
    slots: int = SLOTS


@dataclass(frozen=True, slots=True)
class Plan:
    """One way to run one pair."""

    pair: Pair
    device: str
    precision: str
    slots: int

    @property
    def key(self) -> str:
        """What it is known by when the process has ended over it."""
        return f"{self.pair.name} on {self.device} in {self.precision}"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A way that is not tried, and why."""

    why: str


def plans(wish: Wish, devices: Iterable[Device], fatal: str = "") -> Iterator[Plan | Rejected]:
    """Every way in the order in which to try them; with fewer slots where all would not fit.

    `fatal` is the key of the plan over which the last engine ended.
    """
    places = list(_wished(wish, devices))
    if not places:
        yield Rejected(f"there is no device {wish.device} here")
    for pair in wish.pairs:
        for device in places:
            plan = _fitted(wish, pair, device)
            if isinstance(plan, Plan) and plan.key == fatal:
                plan = Rejected(f"the last engine was killed while it loaded {plan.key}")
            yield plan


def fewer(plan: Plan) -> Plan | None:
    """The same with half the slots, for when memory ran out after all."""
    return Plan(plan.pair, plan.device, plan.precision, plan.slots // 2) if plan.slots > 1 else None


def _wished(wish: Wish, devices: Iterable[Device]) -> Iterator[Device]:
    for device in devices:
        if wish.device in ("auto", device.name) or (wish.device == "cuda" and device.name.startswith("cuda")):
            yield device


def _fitted(wish: Wish, pair: Pair, device: Device) -> Plan | Rejected:
    precision = wish.precision
    if precision == "auto":
        precision = "float32" if device.name == CPU else device.half or "float32"
    folders: list[Path] = [pair.target, *([pair.draft] if pair.draft else [])]
    slots = wish.slots
    while (needed := wanted(folders, device.name, precision, slots)) > device.free and slots > 1:
        slots //= 2
    if needed > device.free:
        return Rejected(
            f"{pair.name} needs {needed / 2**30:.1f} GiB in {precision}, "
            f"{device.name} has {device.free / 2**30:.1f} GiB free"
        )
    return Plan(pair, device.name, precision, slots)
