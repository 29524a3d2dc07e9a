"""Loading the best model that fits, and the next where it does not."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chatbt.enginehost.choosing import Plan, Rejected, Wish, fewer, plans
from chatbt.enginehost.memory import CPU, devices

if TYPE_CHECKING:
    from chatbt.dsde import Engine

LOG = logging.getLogger("chatbt.engine")


class NoModelError(Exception):
    """Nothing could be loaded; every reason, and what to do."""


@dataclass(frozen=True, slots=True)
class Way:
    """How drafting is done: the policy, and the longest draft it may ask for."""

    policy: str = "dsde"
    longest: int = 8


@dataclass(frozen=True, slots=True)
class Loaded:
    """An engine, how it runs, and why not as wished: "" where it does."""

    engine: Engine
    plan: Plan
    reason: str


@dataclass(frozen=True, slots=True)
class Loader:
    """Loads what is wished for. `marker` is the file that names a plan while it is loaded."""

    wish: Callable[[], Wish]
    marker: Path

    def load(self, way: Way, trying: Callable[[Plan], None], progress: Callable[[float], None]) -> Loaded:
        """The first plan that works; each is told before it is tried. Raises `NoModelError`."""
        try:
            wish = self.wish()
        except LookupError as error:
            raise NoModelError(str(error)) from error
        reasons: list[str] = []
        for plan in plans(wish, devices(), self._fatal()):
            if isinstance(plan, Rejected):
                reasons.append(plan.why)
                continue
            tried: Plan | None = plan
            while tried is not None:
                trying(tried)
                engine = self._tried(tried, way, progress, reasons)
                if engine is not None:
                    return Loaded(engine, tried, "; ".join(reasons))
                tried = fewer(tried) if reasons[-1].startswith("out of memory") else None
        raise NoModelError("; ".join(reasons) + ": `chatbt model list` shows what there is")

    def _tried(self, plan: Plan, way: Way, progress: Callable[[float], None], reasons: list[str]) -> Engine | None:
        import torch

        from chatbt.dsde import DsdeError, Engine

        if plan.device == CPU:
            torch.set_num_threads(max(1, len(os.sched_getaffinity(0)) - 1))  # one core stays free for the editors
        self._mark(plan)
        LOG.info("loading %s, %d slots", plan.key, plan.slots)
        try:
            return Engine.from_pretrained(
                plan.pair.target,
                plan.pair.draft,
                device=plan.device,
                dtype=plan.precision,
                policy=way.policy,
                longest=way.longest,
                slots=plan.slots,
                progress=progress,
            )
        except (DsdeError, OSError, MemoryError, RuntimeError) as error:
            reasons.append(_why(error, plan))
            LOG.warning("%s was not loaded: %s", plan.key, reasons[-1])
        finally:
            self.marker.unlink(missing_ok=True)
        gc.collect()
        if plan.device != CPU:
            torch.cuda.empty_cache()
        return None

    def _fatal(self) -> str:
        try:
            return self.marker.read_text("utf-8")
        except OSError:
            return ""

    def _mark(self, plan: Plan) -> None:
        try:
            self.marker.write_text(plan.key, "utf-8")
        except OSError as error:
            LOG.warning("%s cannot be written: %s", self.marker, error)


def _why(error: Exception, plan: Plan) -> str:
    text = str(error).partition("\n")[0]
    out = isinstance(error, MemoryError) or "out of memory" in text.lower() or "can't allocate memory" in text
    return f"out of memory for {plan.key} with {plan.slots} slots" if out else text
