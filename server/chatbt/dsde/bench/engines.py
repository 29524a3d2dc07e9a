"""The variants of our engine, by name: a policy with both drafters, or with the model's drafts only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chatbt.dsde.bench.measuring import CLOCKS, Clock
from chatbt.dsde.bench.runners import Own
from chatbt.dsde.engine import Engine

PLAIN, COPIES = "plain", "copies only"
MODEL = ", model only"


@dataclass(frozen=True, slots=True)
class Pair:
    """The models' folders, and how they are loaded."""

    target: Path
    draft: Path | None
    device: str
    dtype: str
    context: int
    clock: Clock = "wall"

    def own(self, name: str, policy: str, *, longest: int = 8, model: bool = True, ngram: bool = True) -> Own:
        """An engine for one row. What it has read of a prompt it does not keep: each prompt is read anew."""
        return self.batched(name, policy, slots=1, longest=longest, model=model, ngram=ngram)

    def batched(
        self, name: str, policy: str, *, slots: int, longest: int = 8, model: bool = True, ngram: bool = True
    ) -> Own:
        """The same for several rows."""
        engine = Engine.from_pretrained(
            self.target,
            self.draft if model else None,
            device=self.device,
            dtype=self.dtype,
            policy=policy,
            longest=longest,
            ngram=ngram,
            slots=slots,
            context=self.context,
            prefixes=0,
        )
        # What the engine learns of its steps, and tells of its rounds, is in the same seconds as the tables.
        engine._scheduler.decoder.clock.now = CLOCKS[self.clock]
        return Own(name, engine)

    def plain(self, slots: int = 1) -> Own:
        """Decoding without drafts."""
        return self.batched(PLAIN, "fixed", slots=slots, model=False, ngram=False)

    def both(self, policy: str, longest: int = 8, name: str = "") -> list[Own]:
        """The policy with both drafters, and with the model only, if there is a model."""
        name = name or policy
        if self.draft is None:
            return []
        return [
            self.own(name, policy, longest=longest),
            self.own(name + MODEL, policy, longest=longest, ngram=False),
        ]


def fixed(length: int) -> str:
    """The name of the policy that always drafts so many tokens."""
    return f"fixed {length}"
