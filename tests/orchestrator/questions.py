"""Questions as people ask them, and who should answer: what the router is tuned with, and what it is measured with.

Whoever tunes the router reads those of the set "tuning" only. The frozen ones are for measuring: they say something of
the router as long as nobody who changes it has seen them.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

Which = Literal["tuning", "frozen"]

FOLDER = Path(__file__).parent / "questions"
SPECIALISTS = ("critic", "pythonic", "stdlib")
NONE = "none"

_KEYS = {"text", "label", "patterns"}


@dataclass(frozen=True, slots=True)
class Question:
    """`text` as it is asked, with `code` selected. `labels`: each is right. `patterns`: the best first."""

    text: str
    labels: tuple[str, ...]
    patterns: tuple[str, ...]
    code: str = ""

    @property
    def answerable(self) -> bool:
        return NONE not in self.labels


def questions(which: Which) -> tuple[Question, ...]:
    """All questions of a set: those that a specialist answers, then those that none can answer."""
    return answerable(which) + unanswerable(which)


@cache
def answerable(which: Which) -> tuple[Question, ...]:
    """The questions of a set that a specialist can answer."""
    return tuple(question_of(entry) for entry in _entries(f"{which}.toml"))


@cache
def unanswerable(which: Which) -> tuple[Question, ...]:
    """The questions of a set that no specialist can answer."""
    found = []
    for entry in _entries("unanswerable.toml"):
        if (marked := entry.pop("set", None)) not in {"tuning", "frozen"}:
            raise ValueError(f"the set of {entry} is neither 'tuning' nor 'frozen'")
        if marked == which:
            found.append(question_of(entry))
    return tuple(found)


def _entries(file: str) -> list[dict[str, Any]]:
    content = tomllib.loads((FOLDER / file).read_text(encoding="utf-8"))
    if content.keys() != {"question"}:
        raise ValueError(f"{file} holds other things than questions: {', '.join(content)}")
    entries: list[dict[str, Any]] = content["question"]
    return entries


def question_of(entry: dict[str, Any]) -> Question:
    """A question as it stands in a file. ValueError where a key is missing or of no meaning, or a value is empty."""
    if not _KEYS <= entry.keys() <= _KEYS | {"code"}:
        raise ValueError(f"a question has a text, a label, patterns and perhaps code: {entry}")
    label = entry["label"]
    labels = tuple(label) if isinstance(label, list) else (label,)
    patterns = tuple(entry["patterns"])
    if not labels or (labels != (NONE,) and not set(labels) <= set(SPECIALISTS)):
        raise ValueError(f"the label is neither {NONE!r} nor of specialists: {entry}")
    if (labels == (NONE,)) == bool(patterns):
        raise ValueError(f"patterns belong to what a specialist answers, and to that only: {entry}")
    if not entry["text"].strip() or not entry.get("code", "code").strip():
        raise ValueError(f"an empty text or selection: {entry}")
    return Question(entry["text"].strip(), labels, patterns, entry.get("code", ""))
