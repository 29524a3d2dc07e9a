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
        present = {other.owner for other in self._all()}
        if not present:
            self._served.clear()
        if sequence.owner not in present:
            # Whoever comes back does not catch up for the time away.
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
            self._fill(ended)
        emitted = self._round(ended) if self.decoder.sequences else []
        for each in emitted:
            self._served[each.sequence.owner] += len(each.tokens)
            if each.sequence.finish == "error":
                self.prefixes.forget(each.sequence.tokens)
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
        if not self.waiting:
            return
        best = min(self.waiting, key=self._rank)
        if self.filling is not None:
            if self.filling.priority <= best.priority:
                return
            self._store(self.filling.tokens[: self._done])
            self._put_back(self.filling)
        elif len(self.decoder.sequences) == self.decoder.target.slots:
            last = self._least_urgent(self.decoder.sequences)
            if last.priority <= best.priority:
                return
            self._put_back(last)
        self.waiting.remove(best)
        self.filling = best
        row = len(self.decoder.sequences)
        self.decoder.target.cache.clear(row)
        self.decoder.drafter.clear(row)
        best.drafted = 0
        self._done = self.prefixes.restore(best.tokens, row)
        if not best.admitted:
            best.stats.cached_tokens = self._done
            best.admitted = True

    def _put_back(self, sequence: Sequence) -> None:
        """Take away a sequence's row; it will be read again."""
        self.remove(sequence)
        sequence.drafted = 0
        self.waiting.append(sequence)

    def _least_urgent(self, sequences: list[Sequence]) -> Sequence:
        return max(sequences, key=lambda each: (each.priority, each.submitted))

    def _rank(self, sequence: Sequence) -> tuple[int, int, float]:
        return sequence.priority, self._served[sequence.owner], sequence.submitted

    def _fill(self, ended: list[Sequence]) -> None:
        """Read a piece of the prompt; when all but the last token is in, the sequence goes live."""
        sequence, row = self.filling, len(self.decoder.sequences)
        assert sequence is not None
        end = len(sequence.tokens) - 1
        if self._done < end:
            piece = sequence.tokens[self._done : min(end, self._done + PREFILL)]
            try:
                self.decoder.target.read(piece, row, self._done)
            except torch.OutOfMemoryError as error:
                self._put_back(sequence)  # what its layers hold may be half of the piece
                self._make_room(error, [*self.decoder.sequences, sequence], ended)
                return
            self._done += len(piece)
            self.decoder.read(sequence, row, min(self._done, len(sequence.tokens) - 2))
        if self._done >= end:
            self._store(sequence.tokens[:end])
            self.filling = None
            self.decoder.join(sequence)

    def _store(self, tokens: list[int]) -> None:
        """Keep what has been read of the prompt, if memory allows it."""
        try:
            self.prefixes.store(tokens, len(self.decoder.sequences))
        except torch.OutOfMemoryError:
            self.prefixes.forget()

    def _round(self, ended: list[Sequence]) -> list[Emitted]:
        """One round. Where memory runs out the least urgent row gives up, and the others go on."""
        while self.decoder.sequences:
            try:
                return self.decoder.round()
            except torch.OutOfMemoryError as error:
                begun = list(self.decoder.sequences)
                if self.decoder.torn:
                    self.decoder.torn = False
                    for sequence in begun:
                        self._put_back(sequence)
                self._make_room(error, begun, ended)
        return []

    def _make_room(self, error: torch.OutOfMemoryError, begun: list[Sequence], ended: list[Sequence]) -> None:
        """Where memory has run out: the kept prompts go, and where there are none the least urgent that had a row."""
        if not self.prefixes.forget():
            last = self._least_urgent(begun)
            last.end("error", f"out of memory ({error}): a shorter prompt or fewer slots would fit")
            self.remove(last)
            ended.append(last)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
