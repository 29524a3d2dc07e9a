"""One request on its way: its tokens, its text so far, and why it ended."""

from __future__ import annotations

import secrets
import time
from bisect import bisect_left
from dataclasses import dataclass, field

from tokenizers import Tokenizer

from chatbt.dsde.detokenizer import Detokenizer
from chatbt.dsde.params import Finish, Result, SamplingParams, Stats


@dataclass(slots=True, eq=False)
class Sequence:
    """A prompt and what has been generated. `tokens` holds both; the newest has not been through the target yet."""

    id: int
    prompt: int
    """Tokens of the prompt."""
    tokens: list[int]
    params: SamplingParams
    room: int
    """Tokens that may be generated: what was asked for, or what the context leaves."""
    ends: frozenset[int]
    tokenizer: Tokenizer
    owner: str = ""
    priority: int = 0
    deadline: float | None = None
    submitted: float = field(default_factory=time.perf_counter)
    seed: int = field(default_factory=lambda: secrets.randbits(62))
    stats: Stats = field(default_factory=Stats)
    admitted: bool = False
    """Whether it has had a row, which it may have lost again."""
    wary: bool = False
    """Whether nothing is drafted for it any more: a token that never became part of it made numbers overflow."""
    cancelled: bool = False
    """Set from any thread; read between rounds and between the pieces of a prompt."""
    finish: Finish | None = None
    error: str | None = None
    drafted: int = 0
    """Tokens that the draft model has taken in."""
    acceptance: float = 0.7
    """Decaying mean of the draft model's accepted tokens."""
    text: str = ""
    """What has been told: no half characters, nothing that may become a stop string."""
    _raw: str = ""
    _starts: list[int] = field(default_factory=list)
    """By generated token: the characters before it."""
    _detokenizer: Detokenizer = field(init=False)

    def __post_init__(self) -> None:
        self._detokenizer = Detokenizer(self.tokenizer, self.tokens)
        if self.params.seed is not None:
            self.seed = self.params.seed

    @property
    def generated(self) -> int:
        """Tokens generated so far."""
        return len(self.tokens) - self.prompt

    def extend(self, tokens: list[int]) -> str:
        """Take in what a round emitted, as far as the sequence goes on; the new text that is sure."""
        if not self.stats.first_token and tokens:
            self.stats.first_token = time.perf_counter() - self.submitted
        for token in tokens:
            if token in self.ends:
                self.finish = "stop"
                break
            self.tokens.append(token)
            self._starts.append(len(self._raw))
            self._raw += self._detokenizer.add(token)
            if self.params.stop and (at := self._stopped()) >= 0:
                self._raw, self.finish = self._raw[:at], "stop"
                del self.tokens[self.prompt + bisect_left(self._starts, at) :]
                break
            if self.generated >= self.room:
                self.finish = "length"
                break
        return self._tell()

    def _stopped(self) -> int:
        """Where the earliest stop string begins, -1 where there is none yet. What was told holds none."""
        places = [self._raw.find(stop, max(0, len(self.text) - len(stop) + 1)) for stop in self.params.stop]
        return min((place for place in places if place >= 0), default=-1)

    def _tell(self) -> str:
        sure = len(self._raw)
        if self.finish is None:
            sure -= max((_begun(self._raw, stop) for stop in self.params.stop), default=0)
        new = self._raw[len(self.text) : sure]
        self.text += new
        return new

    def end(self, finish: Finish, error: str | None = None) -> None:
        """The sequence ends here, whatever it has."""
        self.finish, self.error = finish, error

    def result(self) -> Result:
        """What the one who asked gets."""
        assert self.finish is not None
        self.stats.total = time.perf_counter() - self.submitted
        self.stats.tokens = self.generated
        self.stats.prompt_tokens = self.prompt
        return Result(self.text, tuple(self.tokens[self.prompt :]), self.finish, self.stats, self.error)


def _begun(text: str, stop: str) -> int:
    """How much of `stop` the text may have begun with its end."""
    return next((size for size in range(min(len(stop) - 1, len(text)), 0, -1) if text.endswith(stop[:size])), 0)
