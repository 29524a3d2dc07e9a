"""Text that is about something else: by its words it belongs to another pattern's page."""

from collections import Counter

from chatbt.orchestrator.checks import Said
from chatbt.orchestrator.library import library
from chatbt.orchestrator.words import words
from chatbt.specialists.registry import patterns

_CLEARLY = 2.5
_LEAST = 20.0


def check(said: Said) -> str | None:
    """No page of another pattern fits the words clearly better than the pages of those that it is about."""
    if not said.patterns:
        return None
    counted = Counter(words(said.prose))
    hits = {hit.key: hit.score for hit in library().pages.ask(dict.fromkeys(counted, 1.0)) if hit.key in patterns()}
    own = max((hits.get(one, 0.0) for one in said.patterns), default=0.0)
    best = max(hits, key=lambda one: hits[one], default="")
    if best and best not in said.patterns and hits[best] > max(_CLEARLY * own, _LEAST):
        return f"reads as if it were about {best}"
    return None
