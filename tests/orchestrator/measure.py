"""How well questions are routed: `python -m tests.orchestrator.measure [--frozen] [--misses]`.

Of the frozen set nothing but shares is printed.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter

from chatbt.analysis.scopes import FileFacts
from chatbt.orchestrator.routing import NONE, Route, route
from chatbt.source.document import Document, Range
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.profile import Profile
from tests.orchestrator.questions import Question, Which, questions

IMPORTS = """\
import asyncio, csv, json, logging, random, re, requests, subprocess, time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

log = logger = logging.getLogger(__name__)


"""
"""What the file of a selection begins with."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares of a set of questions, and how long they took in milliseconds."""

    label: float
    among_three: float
    none_recall: float
    median: float
    p95: float
    misses: tuple[str, ...]


def routed(question: Question) -> tuple[Route, float]:
    """Where a question goes, with its selection in a file that is open in the editor, and the milliseconds it took."""
    checker = place = None
    if question.code:
        everything = Profile(frozenset(patterns()), FileFacts((3, 12)))
        text = IMPORTS + question.code
        checker = Checker(Document.from_text("asked.py", text), everything)
        place = Range.of(IMPORTS.count("\n") + 1, 0, text.count("\n") + 1, 0)
    start = perf_counter()
    found = route(question.text, checker, place)
    return found, (perf_counter() - start) * 1000


def measure(asked: Sequence[Question]) -> Measured:
    """Route every question, and compare."""
    route("warm up")
    labels = three = refused = 0
    times, misses = [], []
    for question in asked:
        found, took = routed(question)
        times.append(took)
        first = [one.pattern for one in found.patterns[:3]]
        right = found.specialist in question.labels
        among = question.answerable and not set(question.patterns).isdisjoint(first)
        labels += right
        three += among
        refused += right and not question.answerable
        if not right or (question.answerable and not among):
            misses.append(
                f"{found.specialist} {first} for {question.labels} {question.patterns}: {question.text[:100]!r}"
            )
    answerable = sum(question.answerable for question in asked)
    return Measured(
        labels / len(asked), three / answerable, refused / (len(asked) - answerable),
        median(times), quantiles(times, n=20)[-1], tuple(misses),
    )  # fmt: skip


def main(arguments: Sequence[str]) -> None:
    which: Which = "frozen" if "--frozen" in arguments else "tuning"
    found = measure(questions(which))
    shares = f"right label {found.label:.1%}, right pattern among three {found.among_three:.1%}"
    times = f"{found.median:.1f} ms, p95 {found.p95:.1f} ms"
    lines = [f"{which}: {shares}, {NONE} recognised {found.none_recall:.1%}; {times}"]
    if "--misses" in arguments and which == "tuning":
        lines += found.misses
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
