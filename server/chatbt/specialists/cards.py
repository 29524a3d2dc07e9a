"""A pattern's card: its documentation, read from its module's docstring once and shown everywhere."""

import textwrap
from dataclasses import dataclass
from functools import cache

from chatbt.specialists.pattern import Pattern

HEADINGS = ("What it does", "Why", "Example", "When the fix is safe", "Asked as", "References")


@dataclass(frozen=True, slots=True)
class Card:
    """The parts of a pattern's page. `before` and `after` are the example's code, each with a line ending.

    `asked` are ways in which people ask about what it finds: they lead a question to it, and stand on no page.
    """

    title: str
    what: str
    why: str
    before: str
    after: str
    safety: str
    asked: tuple[str, ...]
    references: str


@cache
def card_of(pattern: Pattern) -> Card:
    """The card of a pattern. ValueError if its docstring lacks a heading or they are out of order."""
    title, *sections = pattern.doc.strip().split("\n## ")
    found = {}
    for section in sections:
        heading, _, body = section.partition("\n")
        found[heading.strip()] = body.strip("\n")
    if tuple(found) != HEADINGS:
        raise ValueError(f"{pattern.module}: the headings are {', '.join(found)}; they must be {', '.join(HEADINGS)}")
    before, separator, after = found["Example"].partition("\nBetter:\n")
    if not separator:
        raise ValueError(f"{pattern.module}: the example has no 'Better:'")
    return Card(
        title.strip(), _prose(found["What it does"]), _prose(found["Why"]), _code(before), _code(after),
        _prose(found["When the fix is safe"]), _items(found["Asked as"]), found["References"].strip(),
    )  # fmt: skip


def _prose(text: str) -> str:
    """Paragraphs with their lines joined."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))


def _items(text: str) -> tuple[str, ...]:
    """The items of a list, each on a line."""
    return tuple(line.removeprefix("- ").strip() for line in text.strip().splitlines())


def _code(text: str) -> str:
    return textwrap.dedent(text).strip("\n") + "\n"
