"""What a run of the bench is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chatbt.dsde.bench.measuring import Clock
from chatbt.dsde.bench.prompts import SETS


@dataclass(frozen=True, slots=True)
class Options:
    """The defaults measure the bundled pair on a CPU."""

    target: Path
    draft: Path | None
    device: str = "cpu"
    dtype: str = "float32"
    sets: tuple[str, ...] = SETS
    tokens: int = 96
    prompts: int = 6
    rounds: int = 3
    threads: int = 1
    seed: int = 1
    clock: Clock = "wall"
    lengths: tuple[int, ...] = tuple(range(1, 9))
    batches: tuple[int, ...] = (1, 4, 8, 16)
    policies: tuple[str, ...] = ()
    """By default all."""
    tables: tuple[str, ...] = ("singles", "low", "batches")

    def quick(self) -> Options:
        """The same in little: a look at whether all runs."""
        return Options(
            self.target,
            self.draft,
            self.device,
            self.dtype,
            self.sets,
            min(self.tokens, 32),
            min(self.prompts, 2),
            1,
            self.threads,
            self.seed,
            self.clock,
            (2, 4, 8),
            (1, 4),
            ("dsde", "adaedl"),
            self.tables,
        )
