"""Which sequences are decoded: admission and eviction between rounds, by priority, then fairly between owners."""

from __future__ import annotations

import time
from collections import Counter

import torch

from chatbt.dsde.decoder import Decoder, Emitted
from chatbt.dsde.prefixes import Prefixes
from chatbt.dsde.runner import PREFILL
from chatbt.dsde.sequence import Sequence


class Scheduler:
    """A queue before a decoder's rows. `step` is the only clock."""

    def __init__(self, decoder: Decoder, prefixes: Prefixes) -> None:
        self.decoder = decoder
        self.prefixes = prefixes
        self.waiting: list[Sequence] = []
        self.filling: Sequence | None = None
        """The one whose prompt is being read, into the row behind the live ones."""
        self._done = 0
        self._served: Counter[str] = Counter()

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.waiting or self.filling or self.decoder.sequences)

    def add(self, sequence: Sequence) -> None:
        """Queue a sequence."""
        if not any(sequence.owner == other.owner for other in self._all()):
            # Whoever comes back does not catch up for the time away.
            present = {other.owner for other in self._all()}
            self._served[sequence.owner] = max(
                self._served[sequence.owner], min((self._served[owner] for owner in present), default=0)
            )
        self.waiting.append(sequence)

    def step(self) -> tuple[list[Emitted], list[Sequence]]:
        """Take out what has ended, admit, read one piece of a prompt, decode one round.

        Returns what the round emitted, and the sequences that ended without it.
        """
        ended = self._reap()
        self._admit()
        if self.filling is not None:
            self._fill()
        emitted = self._round(ended) if self.decoder.sequences else []
        for each in emitted:
            self._served[each.sequence.owner] += len(each.tokens)
        return emitted, ended

    def _all(self) -> list[Sequence]:
        return [*self.waiting, *([self.filling] if self.filling else []), *self.decoder.sequences]

    def _reap(self) -> list[Sequence]:
        now = time.perf_counter()
        for sequence in self._all():
            if sequence.finish is None and sequence.cancelled:
                sequence.end("cancelled")
            elif sequence.finish is None and sequence.deadline is not None and now >= sequence.deadline:
                sequence.end("deadline", "the deadline passed before the answer was complete")
        ended = [sequence for sequence in self._all() if sequence.finish is not None]
        for sequence in ended:
            self.remove(sequence)
        return ended

    def remove(self, sequence: Sequence) -> None:
        """Take out a sequence, wherever it is."""
        if sequence in self.waiting:
            self.waiting.remove(sequence)
        elif sequence is self.filling:
            self.filling = None
        else:
            live = len(self.decoder.sequences)
            self.decoder.leave(self.decoder.sequences.index(sequence))
            if self.filling is not None:
                # The row behind the live ones has moved up.
                self.decoder.target.cache.move(live, live - 1, self._done)
                self.decoder.drafter.move(live, live - 1, self.filling.drafted)

    def _admit(self) -> None:
        """Begin to read the prompt of the most urgent; where all rows are taken, it may take a less urgent one's."""
        if self.filling is not None or not self.waiting:
            return
        best = min(self.waiting, key=self._rank)
        if len(self.decoder.sequences) == self.decoder.target.slots:
            last = max(self.decoder.sequences, key=lambda live: (live.priority, live.submitted))
            if last.priority <= best.priority:
                return
            self.remove(last)
            last.drafted = 0
            self.waiting.append(last)
        self.waiting.remove(best)
        self.filling = best
        row = len(self.decoder.sequences)
        self.decoder.target.cache.clear(row)
        self.decoder.drafter.clear(row)
        best.drafted = 0
        self._done = self.prefixes.restore(best.tokens, row)
        best.stats.cached_tokens = max(best.stats.cached_tokens, min(self._done, best.prompt))

    def _rank(self, sequence: Sequence) -> tuple[int, int, float]:
        return sequence.priority, self._served[sequence.owner], sequence.submitted

    def _fill(self) -> None:
        """Read a piece of the prompt; when all but the last token is in, the sequence goes live."""
        sequence, row = self.filling, len(self.decoder.sequences)
        assert sequence is not None
        end = len(sequence.tokens) - 1
        if self._done < end:
            piece = sequence.tokens[self._done : min(end, self._done + PREFILL)]
            self.decoder.target.read(piece, row, self._done)
            self._done += len(piece)
            self.decoder.drafter.read(sequence, row, min(self._done, len(sequence.tokens) - 2))
        if self._done >= end:
            self.prefixes.store(sequence.tokens[:end], row)
            self.filling = None
            self.decoder.join(sequence)

    def _round(self, ended: list[Sequence]) -> list[Emitted]:
        """One round. Where memory runs out the least urgent row gives up, and the others go on."""
        while self.decoder.sequences:
            try:
                return self.decoder.round()
            except torch.OutOfMemoryError as error:
                last = max(self.decoder.sequences, key=lambda live: (live.priority, live.submitted))
                last.end("error", f"out of memory ({error}): a shorter prompt or fewer slots would fit")
                self.remove(last)
                ended.append(last)
                if torch.cuda.is_available():
                    torch.cuda.empty_cache()
        return []
