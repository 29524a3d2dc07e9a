"""Checks on generated text, before it is shown as complete: every module of this folder has one `check`."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from chatbt.orchestrator.grounding.ground import Ground
from chatbt.specialists import registry
from chatbt.specialists.cards import card_of
from chatbt.specialists.pattern import Pattern

Check = Callable[["Said"], str | None]

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})([^\n]*)\n(.*?)(?:^ {0,3}\1`*[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Said:
    """A generated text, whether its writer came to an end, and what it may speak of."""

    text: str
    ended: bool
    names: frozenset[str]
    patterns: frozenset[str]

    @property
    def prose(self) -> str:
        """The text without its code blocks."""
        return _FENCE.sub("\n", self.text)

    @property
    def blocks(self) -> list[tuple[str, str]]:
        """The code blocks, each with its language."""
        return [(found[2].strip().lower(), found[3]) for found in _FENCE.finditer(self.text)]


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that a text has failed, and why, as part of a sentence: "it names `x`, ..."."""

    check: str
    why: str


@cache
def checks() -> Mapping[str, Check]:
    """The checks by the names of their modules."""
    found = sorted(one.name for one in iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}").check for name in found}


def failures(said: Said) -> list[Failure]:
    """What is wrong with a text; nothing if it may be shown."""
    return [Failure(name, why) for name, check in checks().items() if (why := check(said))]


def names_in(text: str) -> set[str]:
    """All names in a text."""
    return set(_NAME.findall(text))


def speakable(
    grounds: Iterable[Ground], cards: Iterable[Pattern], *texts: str
) -> tuple[frozenset[str], frozenset[str]]:
    """The names and the patterns that may be spoken of where `grounds`, `cards` and further `texts` are known."""
    known = {one.problem.id for one in grounds} | {one.id for one in cards}
    names = names_in("\n".join(texts))
    for ground in grounds:
        names |= names_in("\n".join([ground.problem.message, *ground.lines, ground.rewritten(1 << 20)]))
        names |= names_in("" if ground.fix is None else f"{ground.fix.title}\n{ground.changed}")
    for id_ in known:
        names |= _names_of(registry.patterns()[id_])
    return frozenset(names), frozenset(known)


@cache
def _names_of(pattern: Pattern) -> frozenset[str]:
    """What is named on a pattern's page, and what else it knows of the library."""
    card = card_of(pattern)
    page = [card.title, card.what, card.why, card.before, card.after, card.safety, card.references, pattern.name]
    return frozenset(names_in("\n".join([*page, pattern.id, *pattern.names, *pattern.names.values()])))
