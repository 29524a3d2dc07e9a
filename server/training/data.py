"""From instances to texts, and from texts to packed rows of tokens. Everything is a function of a seed."""

import gzip
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from chatbt.orchestrator import prompts
from training.compose import Text, library_code, tree
from training.instances import Instance

log = logging.getLogger(__name__)
LIBRARY = 0.12
"""What part of the texts is library code."""
ROW = 512


def write(file: Path, things: Iterable[dict[str, object]]) -> int:
    """Write things to a file, one a line; how many."""
    written = 0
    with gzip.open(file, "wb", compresslevel=1) as stream:
        for thing in things:
            stream.write(orjson.dumps(thing) + b"\n")
            written += 1
    return written


def read(file: Path) -> Iterator[dict[str, Any]]:
    """What was written."""
    with gzip.open(file, "rb") as stream:
        for line in stream:
            yield orjson.loads(line)


def texts_of(instances: Sequence[Instance], files: Sequence[Path], *, seed: int) -> list[Text]:
    """Texts to train with, in a mixed order."""
    random = Random(seed)
    found = [tree(instance, random) for instance in instances]
    size = sum(len(text.prefix) + sum(len(turn) for branch in text.branches for turn in branch) for text in found)
    room = size * LIBRARY / (1 - LIBRARY)
    library = list(library_code(files, random))
    random.shuffle(library)
    for text in library:
        if room <= 0:
            break
        room -= len(text.branches[0][0])
        found.append(text)
    random.shuffle(found)
    return found


def strings(text: Text) -> tuple[str, list[str]]:
    """A text's prefix and its branches with their special tokens."""
    if not text.is_chat:
        return "", [text.branches[0][0] + prompts.END]
    return prompts.USER + text.prefix, [
        prompts.conversation(*branch).removeprefix(prompts.USER) for branch in text.branches
    ]


def as_string(text: Text) -> str:
    """All of a text, for the tokenizer to learn from."""
    prefix, branches = strings(text)
    return prefix + "".join(branches)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Texts as tokens, one after the other: text n is `[starts[n], starts[n + 1])`; `said` marks what a model says.

    `branch` is 0 for the prefix, and counts the branches from 1.
    """

    tokens: NDArray[np.uint16]
    said: NDArray[np.bool_]
    branch: NDArray[np.uint8]
    starts: NDArray[np.int64]

    def save(self, file: Path) -> None:
        np.savez(file, tokens=self.tokens, said=self.said, branch=self.branch, starts=self.starts)

    @classmethod
    def load(cls, file: Path) -> "Tokens":
        found = np.load(file)
        return cls(found["tokens"], found["said"], found["branch"], found["starts"])


def encode(texts: Sequence[Text], tokenizer: Any, *, longest: int = ROW) -> Tokens:
    """Texts as tokens, without the branches for which there is no room; library code is cut."""
    assistant, end = (tokenizer.token_to_id(one) for one in (prompts.ASSISTANT, prompts.END))
    pieces: list[NDArray[np.uint16]] = []
    said: list[NDArray[np.bool_]] = []
    branch: list[NDArray[np.uint8]] = []
    for text in texts:
        prefix, branches = strings(text)
        ids = [one.ids for one in tokenizer.encode_batch([prefix, *branches])]
        if not text.is_chat:
            pieces.append(np.array(ids[1][:longest], dtype=np.uint16))
            said.append(np.ones(len(pieces[-1]), dtype=np.bool_))
            branch.append(np.ones(len(pieces[-1]), dtype=np.uint8))
            continue
        length, kept = len(ids[0]), [ids[0]]
        for one in ids[1:]:
            if length + len(one) <= longest:
                kept.append(one)
                length += len(one)
        if len(kept) > 1:
            numbers = [np.full(len(one), number, dtype=np.uint8) for number, one in enumerate(kept)]
            pieces.append(np.array([token for one in kept for token in one], dtype=np.uint16))
            branch.append(np.concatenate(numbers))
            spoken = [_said(np.array(one, dtype=np.uint16), assistant, end) for one in kept[1:]]
            said.append(np.concatenate([np.zeros(len(kept[0]), dtype=np.bool_), *spoken]))
    starts = np.cumsum([0, *(len(one) for one in pieces)])
    return Tokens(np.concatenate(pieces), np.concatenate(said), np.concatenate(branch), starts.astype(np.int64))


def _said(tokens: NDArray[np.uint16], assistant: int, end: int) -> NDArray[np.bool_]:
    """Whether a token stands behind `assistant`, up to and with the next `end`."""
    opened, closed = np.cumsum(tokens == assistant), np.cumsum(tokens == end)
    found: NDArray[np.bool_] = ((opened > closed) & (tokens != assistant)) | (tokens == end)
    return found


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of tokens [B, L], the place of each in its branch, its text's number in the row (0 behind the last), its
    branch, and whether the model says it."""

    tokens: NDArray[np.int64]
    positions: NDArray[np.int64]
    text: NDArray[np.int64]
    branch: NDArray[np.int64]
    said: NDArray[np.bool_]


def rows(lengths: Sequence[int], order: Sequence[int], *, size: int = ROW, open_rows: int = 64) -> list[list[int]]:
    """Texts put into rows, each into the fullest open row that has room."""
    full: list[list[int]] = []
    opened: list[tuple[int, list[int]]] = []  # room, texts
    for number in order:
        length = lengths[number]
        fitting = [index for index, (room, _) in enumerate(opened) if room >= length]
        if fitting:
            best = min(fitting, key=lambda index: opened[index][0])
            room, row = opened[best]
            row.append(number)
            opened[best] = (room - length, row)
        else:
            if len(opened) == open_rows:
                least = min(range(len(opened)), key=lambda index: opened[index][0])
                full.append(opened.pop(least)[1])
            opened.append((size - length, [number]))
    return full + [row for _, row in opened]


_FILLED = 0.6
"""The part of the library's texts that fill what is left of rows, cut to it; the others stand there in full."""
_WORTH_FILLING = 24


class Packed:
    """Batches of packed rows, epoch after epoch, each epoch in another order; batch n is always the same."""

    def __init__(self, tokens: Tokens, *, batch: int, seed: int, size: int = ROW) -> None:
        self.tokens, self.batch, self.seed, self.size = tokens, batch, seed, size
        self._lengths = np.diff(tokens.starts).tolist()
        first = tokens.branch[tokens.starts[:-1]]
        self._library = np.flatnonzero(first == 1).tolist()
        self._chat = np.flatnonzero(first == 0).tolist()
        self._epoch, self._rows = -1, list[list[tuple[int, int]]]()
        self.per_epoch = len(self._of_epoch(0)) // batch

    def _of_epoch(self, epoch: int) -> list[list[tuple[int, int]]]:
        """The rows of an epoch: texts, each with how much of it is there."""
        if epoch != self._epoch:
            random = Random(f"{self.seed} {epoch}")
            library = random.sample(self._library, len(self._library))
            fillers, whole = library[: round(len(library) * _FILLED)], library[round(len(library) * _FILLED) :]
            order = [*self._chat, *whole]
            random.shuffle(order)
            found = [[(one, self._lengths[one]) for one in row] for row in rows(self._lengths, order, size=self.size)]
            for row in found:
                room = self.size - sum(length for _, length in row)
                if room >= _WORTH_FILLING and fillers:
                    filler = random.choice(fillers)
                    row.append((filler, min(room, self._lengths[filler])))
            random.shuffle(found)
            self._epoch, self._rows = epoch, found
        return self._rows

    def __getitem__(self, number: int) -> Batch:
        epoch, place = divmod(number, self.per_epoch)
        chosen = self._of_epoch(epoch)[place * self.batch : (place + 1) * self.batch]
        shape = (self.batch, self.size)
        numbers_of = [np.zeros(shape, np.int64) for _ in range(4)]
        batch = Batch(numbers_of[0], numbers_of[1], numbers_of[2], numbers_of[3], np.zeros(shape, np.bool_))
        for row, numbers in enumerate(chosen):
            at = 0
            for count, (one, length) in enumerate(numbers, 1):
                start = self.tokens.starts[one]
                stop = start + length
                here = (row, slice(at, at + length))
                branch = self.tokens.branch[start:stop]
                batch.tokens[here] = self.tokens.tokens[start:stop]
                batch.positions[here] = places(branch)
                batch.text[here] = count
                batch.branch[here] = branch
                batch.said[here] = self.tokens.said[start:stop]
                at += length
        return batch


def places(branch: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The position of each token of a text: every branch goes on from the prefix."""
    found = np.arange(len(branch))
    first = int(np.count_nonzero(branch == 0))
    for number in range(1, int(branch.max(initial=0)) + 1):
        own = np.flatnonzero(branch == number)
        found[own] = first + np.arange(len(own))
    return found
