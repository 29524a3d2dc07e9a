"""What steps cost on this machine, measured while they run, and what a draft of some length is worth at that price."""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import Tensor

K = TypeVar("K")


class Costs:
    """Seconds of draft steps, verifications and the host's part, by batch (and width), as decaying means.

    `pace` follows how slow the machine is just now, for all of them together: what has not run for a while is judged
    by what has. A batch that has never run in some width is taken to cost what the nearest batch does that has, in
    proportion to what both cost in width 1; a width that no batch has run in, what its nearest neighbour does.
    """

    def __init__(self) -> None:
        self.pace = 1.0
        self.draft: dict[int, float] = {}
        self.verify: dict[tuple[int, int], float] = {}
        self.host: dict[int, float] = {}
        self.attempts: dict[int, float] = {}

    def record(self, batch: int, steps: int, width: int, seconds: tuple[float, float, float], *, tried: bool) -> None:
        """A round of `batch` rows: `steps` of the draft model, `width` tokens verified; seconds of draft,
        verification and host. `tried`: whether any row was to be drafted by a model, however far it came."""
        draft, verify, host = seconds
        if (known := self.verify.get((batch, width))) is not None:
            self.pace = _blend(self.pace, verify / known, 0.2)
        _update(self.verify, (batch, width), verify / self.pace)
        _update(self.host, batch, host / self.pace)
        if steps:
            _update(self.draft, batch, draft / steps / self.pace)
        if tried:
            _update(self.attempts, batch, (draft + verify + host) / self.pace)

    def clear(self) -> None:
        """Forget everything."""
        self.pace = 1.0
        for known in (self.draft, self.verify, self.host, self.attempts):
            known.clear()

    def measured(self, batch: int) -> bool:
        """Whether a round without a draft has been timed."""
        return (batch, 1) in self.verify

    def plain(self, batch: int) -> float:
        """Seconds of a round without a draft."""
        return self.round(batch, 0)

    def tried(self, batch: int) -> float:
        """Seconds of a round in which a model was to draft; where there was none, of one with two tokens."""
        return self.attempts.get(batch, self.round(batch, 2))

    def round(self, batch: int, length: int, *, drafted: bool = True) -> float:
        """Seconds of a round with a draft of `length` tokens, by a model or for nothing."""
        step = _nearest(self.draft, batch, 0.1 * self._verification(batch, 1)) if drafted else 0.0
        return self.host.get(batch, 0.0) + length * step + self._verification(batch, length + 1)

    def rounds(self, batch: int, longest: int) -> list[float]:
        """Seconds of a round by its speculation length, 0 to `longest`."""
        return [self.round(batch, length) for length in range(longest + 1)]

    def _verification(self, batch: int, width: int) -> float:
        known = self.verify.get((batch, width))
        if known is None and (
            others := {rows: time for (rows, tokens), time in self.verify.items() if tokens == width}
        ):
            # What a width adds is about the same share whatever the batch.
            near = min(others, key=lambda rows: abs(rows - batch))
            narrow, own = self.verify.get((near, 1)), self.verify.get((batch, 1))
            known = others[near] * (own / narrow if own and narrow else 1.0)
        if known is None:
            batches = {key[0] for key in self.verify}
            if not batches:
                return 1.0
            near = min(batches, key=lambda key: abs(key - batch))
            known = _nearest({key[1]: value for key, value in self.verify.items() if key[0] == near}, width, 1.0)
        return known


def expected_tokens(acceptance: Tensor, longest: int) -> Tensor:
    """E(k) = (1 - a^(k+1)) / (1 - a) tokens [..., longest + 1] of a round by its length k, each token accepted with
    probability `acceptance` [...] (Leviathan, Kalman, Matias, 2023)."""
    powers = acceptance.clamp(0.0, 0.999)[..., None] ** torch.arange(longest + 1, device=acceptance.device)
    return powers.cumsum(-1)


def _nearest(known: dict[int, float], key: int, default: float) -> float:
    return known[min(known, key=lambda other: abs(other - key))] if known else default


def _update(known: dict[K, float], key: K, new: float) -> None:
    known[key] = new if key not in known else _blend(known[key], new, 0.05)


def _blend(old: float, new: float, rate: float) -> float:
    """A decaying mean that one slow step (another program's turn) does not move far."""
    return old + rate * (min(new, 2 * old) - old)
