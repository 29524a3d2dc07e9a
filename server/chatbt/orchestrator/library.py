"""What the router knows: the patterns' own pages and the standard library's docstrings, in an index made once."""

import pkgutil
from dataclasses import dataclass
from functools import cache

from chatbt.orchestrator.elsewhere import TOPICS
from chatbt.orchestrator.index import Index
from chatbt.orchestrator.words import words
from chatbt.specialists.cards import card_of
from chatbt.specialists.pattern import Pattern
from chatbt.specialists.registry import patterns, standard_names

ASKED, TITLE, WHAT, WHY, MESSAGE, EXAMPLE, NAMES, DOCSTRING = 3.0, 2.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.3
"""How much a word counts by where it stands."""


@dataclass(frozen=True, slots=True)
class Library:
    """`pages` holds the patterns by id, and topics of others by ("topic", number); `entries` names of the library."""

    pages: Index
    entries: Index
    topics: dict[str, str]


@cache
def library() -> Library:
    """The library; the first call makes it."""
    pages, entries, topics = Index(), Index(), {}
    for pattern in patterns().values():
        pages.add(pattern.id, _page(pattern))
    for name, pattern in standard_names().items():
        entries.add(name, [(TITLE, words(name)), (WHAT, words(pattern.names[name])), (DOCSTRING, _docstring(name))])
    for topic, lines in TOPICS.items():
        for number, line in enumerate(lines):
            key = f"{topic} {number}"
            topics[key] = topic
            pages.add(key, [(ASKED, words(line))])
    pages.freeze()
    entries.freeze()
    return Library(pages, entries, topics)


def _page(pattern: Pattern) -> list[tuple[float, list[str]]]:
    card = card_of(pattern)
    return [
        (ASKED, [word for one in card.asked for word in words(one)]),
        (TITLE, [*words(card.title), *words(pattern.name), *map(str.lower, pattern.ruff)]),
        (WHAT, words(card.what)),
        (WHY, words(card.why)),
        (MESSAGE, [word for said in _said_by(pattern) for word in words(said)]),
        (EXAMPLE, words(card.before, pairs=False)),
        (NAMES, [word for name, text in pattern.names.items() for word in (*words(name), *words(text))]),
        (DOCSTRING, [word for name in pattern.names for word in _docstring(name)]),
    ]


def _said_by(pattern: Pattern) -> list[str]:
    """The constant parts of what a pattern's function may say."""
    code = getattr(pattern.detect, "__code__", None)
    return [one for one in code.co_consts if isinstance(one, str) and " " in one] if code else []


def _docstring(name: str) -> list[str]:
    """The words of the first paragraph of what the library says of a name; this Python may not have it yet."""
    try:
        found = pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return []
    return words((found.__doc__ or "").strip().partition("\n\n")[0])
