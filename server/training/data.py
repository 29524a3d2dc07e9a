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

from training import prompts
from training.compose import Task, Text, conversation, library_code
from training.instances import Instance

log = logging.getLogger(__name__)
SHARES: dict[Task, float] = {"explain": 0.57, "rewrite": 0.15, "ask": 0.15, "complete": 0.13}
"""What part of the tokens each kind of text gets."""
ROW = 512


def write(file: Path, things: Iterable[dict[str, object]]) -> int:
    """Write things to a file, one a line; how many."""
    number = 0
    with gzip.open(file, "wb", compresslevel=1) as stream:
        for number, thing in enumerate(things, 1):
            stream.write(orjson.dumps(thing) + b"\n")
    return number


def read(file: Path) -> Iterator[dict[str, Any]]:
    """What was written."""
    with gzip.open(file, "rb") as stream:
        for line in stream:
            yield orjson.loads(line)


def texts_of(instances: Sequence[Instance], files: Sequence[Path], *, seed: int, copies: int = 1) -> list[Text]:
    """Texts to train with, in a mixed order; each instance gives `copies`."""
    random = Random(seed)
    chat = {task: share for task, share in SHARES.items() if task != "complete"}
    found: list[Text] = []
    for instance in instances:
        for _ in range(copies):
            task = random.choices(list(chat), list(chat.values()))[0]
            if task == "rewrite" and not instance.rewritten:
                task = "explain"
            found.append(conversation(instance, task, random))
    size = sum(len(turn) for text in found for turn in text.turns)
    room = size * SHARES["complete"] / (1 - SHARES["complete"])
    library = list(library_code(files, random))
    random.shuffle(library)
    for text in library:
        if room <= 0:
            break
        room -= len(text.turns[0])
        found.append(text)
    random.shuffle(found)
    return found


def as_string(text: Text) -> str:
    """A text with its special tokens."""
    return text.turns[0] + prompts.END if text.task == "complete" else prompts.conversation(*text.turns)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Texts as tokens, one after the other: text n is `[starts[n], starts[n + 1])`; `said` marks what a model says."""

    tokens: NDArray[np.uint16]
    said: NDArray[np.bool_]
    starts: NDArray[np.int64]

    def save(self, file: Path) -> None:
        np.savez(file, tokens=self.tokens, said=self.said, starts=self.starts)

    @classmethod
    def load(cls, file: Path) -> "Tokens":
        found = np.load(file)
        return cls(found["tokens"], found["said"], found["starts"])


def encode(texts: Sequence[Text], tokenizer: Any, *, longest: int = ROW) -> Tokens:
    """Texts as tokens; those that are too long lose their last turns, or are left out. Code is cut."""
    assistant, end = (tokenizer.token_to_id(one) for one in (prompts.ASSISTANT, prompts.END))
    pieces: list[NDArray[np.uint16]] = []
    said: list[NDArray[np.bool_]] = []
    for first in range(0, len(texts), 4096):
        some = texts[first : first + 4096]
        for text, encoded in zip(some, tokenizer.encode_batch([as_string(one) for one in some]), strict=True):
            tokens = np.array(encoded.ids, dtype=np.uint16)
            if text.task == "complete":
                pieces.append(tokens[:longest])
                said.append(np.ones(len(pieces[-1]), dtype=np.bool_))
                continue
            ends = [stop for stop in np.flatnonzero(tokens == end) + 1 if stop <= longest]
            if ends:
                pieces.append(tokens[: ends[-1]])
                said.append(_said(pieces[-1], assistant, end))
    starts = np.cumsum([0, *(len(one) for one in pieces)])
    return Tokens(np.concatenate(pieces), np.concatenate(said), starts.astype(np.int64))


def _said(tokens: NDArray[np.uint16], assistant: int, end: int) -> NDArray[np.bool_]:
    """Whether a token stands behind `assistant`, up to and with the next `end`."""
    opened, closed = np.cumsum(tokens == assistant), np.cumsum(tokens == end)
    found: NDArray[np.bool_] = (opened > closed) & (tokens != assistant) | (tokens == end)
    return found


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of tokens [B, L], the position of each in its text, the text's number in the row, and what the model says."""

    tokens: NDArray[np.int64]
    positions: NDArray[np.int64]
    text: NDArray[np.int64]
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


class Packed:
    """Batches of packed rows, epoch after epoch, each epoch in another order; batch n is always the same."""

    def __init__(self, tokens: Tokens, *, batch: int, seed: int, size: int = ROW) -> None:
        self.tokens, self.batch, self.seed, self.size = tokens, batch, seed, size
        self._lengths = np.diff(tokens.starts).tolist()
        self._epoch, self._rows = -1, list[list[int]]()
        self.per_epoch = len(self._of_epoch(0)) // batch

    def _of_epoch(self, epoch: int) -> list[list[int]]:
        if epoch != self._epoch:
            random = Random(f"{self.seed} {epoch}")
            order = list(range(len(self._lengths)))
            random.shuffle(order)
            self._epoch, self._rows = epoch, rows(self._lengths, order, size=self.size)
            random.shuffle(self._rows)
        return self._rows

    def __getitem__(self, number: int) -> Batch:
        epoch, place = divmod(number, self.per_epoch)
        chosen = self._of_epoch(epoch)[place * self.batch : (place + 1) * self.batch]
        shape = (self.batch, self.size)
        tokens, positions = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        text, said = np.zeros(shape, np.int64), np.zeros(shape, np.bool_)
        for row, numbers in enumerate(chosen):
            at = 0
            for count, one in enumerate(numbers, 1):
                start, stop = self.tokens.starts[one : one + 2]
                here = slice(at, at + stop - start)
                tokens[row, here] = self.tokens.tokens[start:stop]
                positions[row, here] = np.arange(stop - start)
                text[row, here] = count
                said[row, here] = self.tokens.said[start:stop]
                at += int(stop - start)
        return Batch(tokens, positions, text, said)
