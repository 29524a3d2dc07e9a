"""What is sent and answered: the parts of OpenAI's API that exist here, and our own figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

Role = Literal["system", "user", "assistant"]
State = Literal["loading", "ready", "busy", "unloaded", "failed"]
PURPOSES = ("explanation", "answer", "rewrite", "review", "other")
OUTCOMES = ("shown", "regenerated", "card", "refused", "left")


@dataclass(frozen=True, slots=True)
class Message:
    """A turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How tokens are chosen; the names and ranges are OpenAI's, with those that are common beside it."""

    model: str = ""
    stream: bool = False
    max_tokens: int | None = None
    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    stop: str | list[str] | None = None
    seed: int | None = None
    user: str = ""
    priority: int = 0
    """Smaller is sooner: 0 for what a person waits for, 10 for what runs in the background."""
    timeout: float | None = None
    """Seconds until the answer is given up."""
    purpose: str = "other"
    """What the text is for, in the figures: one of `PURPOSES`."""
    document: str = ""
    """Where it is not empty: a newer request of the same session, document and purpose takes this one's place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionRequest(Sampling):
    """A text to be continued."""

    prompt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest(Sampling):
    """A conversation to be answered."""

    messages: list[Message]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a request cost, and how its drafts fared."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    rounds: int = 0
    drafted: int = 0
    accepted: int = 0
    acceptance: float = 0.0
    first_token_seconds: float = 0.0
    seconds: float = 0.0
    estimated_speedup: float = 1.0
    speculation_lengths: dict[int, int] = field(default_factory=dict)
    mean_divergence: float = 0.0


@dataclass(frozen=True, slots=True)
class Drafting:
    """How drafting fares in the rows that are being decoded now; None where nothing was drafted yet."""

    rows: int = 0
    speculation_length: float | None = None
    acceptance: float | None = None
    divergence: float | None = None
    stability: float | None = None
    """WVIR: the ratio of the divergence's variance over a short window to that over a long one."""


@dataclass(frozen=True, slots=True)
class Health:
    """How an engine is."""

    state: State
    version: str
    model: str
    device: str
    precision: str
    policy: str
    percent: int = 0
    """Of loading."""
    memory_bytes: int = 0
    device_memory_bytes: int = 0
    waiting: int = 0
    running: int = 0
    capacity: int = 0
    """How many may wait and run together."""
    sessions: int = 0
    reason: str = ""
    """Why it failed, or why it is another model, device or precision than was asked for."""
    dsde: Drafting = field(default_factory=Drafting)

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Health:
        """What an engine has answered; what another version says besides is left out."""
        known = {each.name for each in fields(cls)}
        drafting = {each.name for each in fields(Drafting)}
        values = {name: value for name, value in told.items() if name in known}
        values["dsde"] = Drafting(**{name: value for name, value in told.get("dsde", {}).items() if name in drafting})
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a generated text when a client had checked it."""

    purpose: str
    outcome: str
    """One of `OUTCOMES`: shown as it was, or the second try; the card in its place; an edit refused; left unread."""
    failed: tuple[str, ...] = ()
    """The names of the checks that it did not pass."""
