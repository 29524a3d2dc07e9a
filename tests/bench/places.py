"""Where an editor sends its requests: at findings, at suggestions, and in code of which nothing is said."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from chatbt.source.document import Document, Encoding, Range
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import problems
from chatbt.workspace.profile import Profile
from tests.bench import corpus
from tests.bench.corpus import SIZES
from tests.bench.lspclient import Json

FINDING, SUGGESTION, PLAIN = "finding", "suggestion", "plain code"
T = TypeVar("T")
_LEFT_OUT = {"test", "tests", "idle_test", "site-packages", "lib2to3"}


@dataclass(frozen=True)
class Place:
    """A range of a text, what is there, and the diagnostic that the server published for it, if it did."""

    kind: str
    range: Json
    id: str = ""
    diagnostic: Json | None = None


def texts(*, library: bool, sample: int = 0, seed: int = 1) -> Iterator[tuple[str, str]]:
    """Name and text of each file: of the corpus, or of the standard library, with `sample` of so many of its files."""
    if not library:
        for size in SIZES:
            yield f"sample{size}", corpus.sample(size).text
        return
    for path in drawn(library_files(corpus.stdlib()), sample, seed):
        name = "-".join(path.relative_to(corpus.stdlib()).parts).removesuffix(".py")
        yield name, path.read_text(encoding="utf-8")


def library_files(top: Path) -> list[Path]:
    """The files of a standard library, its tests left out."""
    return [path for path in sorted(top.rglob("*.py")) if not _LEFT_OUT & set(path.relative_to(top).parts)]


def drawn(values: Iterable[T], count: int, seed: int | str) -> list[T]:
    """`count` of the values in their order, the same for the same seed; all of them for 0, or where there are fewer."""
    every = list(values)
    if not count or count >= len(every):
        return every
    chosen = random.Random(seed).sample(range(len(every)), count)
    return [every[number] for number in sorted(chosen)]


def of_diagnostics(diagnostics: Iterable[Json]) -> list[Place]:
    """The findings that a server has published, in the order of the text."""
    found = [Place(FINDING, one["range"], str(one.get("code", "")), one) for one in diagnostics]
    return sorted(found, key=lambda place: (place.range["start"]["line"], place.range["start"]["character"]))


def of_suggestions(text: str) -> list[Place]:
    """What our patterns suggest, which no server publishes: found by a checker of the bench's own."""
    checker = Checker(Document.from_text("sample.py", text), Profile(frozenset(patterns())))
    found = [one for one in problems(checker, suggestions=True) if not one.shown]
    return [Place(SUGGESTION, _range(checker.document, one.stretch), one.id) for one in found]


def _range(document: Document, stretch: Range) -> Json:
    edges = (document.to_client(edge, Encoding.UTF16) for edge in stretch)
    start, end = ({"line": line, "character": character} for line, character in edges)
    return {"start": start, "end": end}


def of_plain_code(text: str, count: int, seed: int | str, taken: Iterable[Place]) -> list[Place]:
    """The first character of `count` lines that hold something, where no other place begins."""
    begun = {place.range["start"]["line"] for place in taken}
    lines = text.split("\n")
    free = [number for number, line in enumerate(lines) if line.strip() and number not in begun]
    return [Place(PLAIN, _cursor(number, lines[number])) for number in (drawn(free, count, seed) if count else [])]


def _cursor(number: int, line: str) -> Json:
    at = {"line": number, "character": len(line) - len(line.lstrip())}
    return {"start": at, "end": at}
