"""Whether an explanation names only what it may name, and is about the right pattern: judged by program."""

import keyword
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from chatbt.orchestrator import prompts
from chatbt.specialists.cards import card_of
from chatbt.specialists.registry import patterns
from training.compose import AFTER, REVIEW, SAFE
from training.instances import Instance
from training.wordings import PARTS, slots_of, wording_of

_QUOTED = re.compile(r"`([^`]*)`")
_NAME = re.compile(r"[A-Za-z_]\w*")
_WITH_UNDERSCORE = re.compile(r"\b\w*[A-Za-z0-9]_\w+")
_WORD = re.compile(r"\{\w+\}|[A-Za-z']+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`])")
_JOINED = re.compile(r"(\W|because|so|as it stands|this means|as a result|to mend it|better|instead)*", re.IGNORECASE)
"""What may stand between wordings."""
_OF_ALL = (*(one.partition("{")[0] for one in AFTER), *SAFE, *REVIEW)
"""How sentences start that may stand in any explanation."""
_CLEARLY = 2.5
"""A sentence is about another pattern if it fits that so many times better."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with an explanation; nothing if all is empty. `foreign` are names that stand nowhere."""

    foreign: tuple[str, ...]
    taken_for: str
    mixed: tuple[str, ...]
    faults: tuple[str, ...]
    rest: str
    """What is left of it without the pattern's wordings, filled with this instance's names, and what joins them."""

    @property
    def is_word_for_word(self) -> bool:
        return self.is_right and not self.rest

    @property
    def names_are_right(self) -> bool:
        return not self.foreign

    @property
    def pattern_is_right(self) -> bool:
        return not self.taken_for and not self.mixed

    @property
    def is_right(self) -> bool:
        return self.names_are_right and self.pattern_is_right and not self.faults


def judge(instance: Instance, text: str, *, ended: bool = True) -> Verdict:
    """What is wrong with `text` as an explanation of an instance; `ended` says whether its writer came to an end."""
    allowed = names_in(prompts.explain(instance.asked)) | _names_of(instance.asked.pattern) | set(keyword.kwlist)
    said = [name for span in _QUOTED.findall(text) for name in _NAME.findall(span)]
    said += _WITH_UNDERSCORE.findall(_QUOTED.sub(" ", text))
    foreign = tuple(dict.fromkeys(name for name in said if name not in allowed))
    right = instance.asked.pattern
    scores = _scores(text)
    best = max(scores, key=lambda id_: scores[id_], default="")
    taken_for = best if scores[best] > scores[right] else ""
    mixed = tuple(
        sentence
        for sentence in _SENTENCE.split(text)
        if not sentence.startswith(_OF_ALL)
        and (own := _scores(sentence))
        and max(own.values()) > max(_CLEARLY * own[right], 8.0)
    )
    return Verdict(foreign, taken_for, mixed, tuple(_faults(text, ended)), rest_of(instance, text))


def rest_of(instance: Instance, text: str) -> str:
    """What no wording of the instance's pattern says, filled with the instance's own names."""
    slots, wording, after = slots_of(instance), wording_of(instance.asked.pattern), instance.asked.after
    said = [
        instance.asked.message,
        slots.get("fix", ""),
        *(one for part in PARTS for one in wording.usable(part, slots)),
    ]
    said += [*SAFE, *REVIEW, *(one.format(after=after) for one in AFTER if after)]
    said += [f"in line {instance.asked.line},", f"in `{instance.asked.function}`,"]
    left = text
    for one in sorted(filter(None, said), key=len, reverse=True):
        left = re.sub(re.escape(one.rstrip(".")), "|", left, flags=re.IGNORECASE)
    return " … ".join(part.strip(" .,:;") for part in left.split("|") if not _JOINED.fullmatch(part))


def _faults(text: str, ended: bool) -> list[str]:
    found = []
    if not ended:
        found.append("has no end")
    if text.count("`") % 2:
        found.append("has a back-quote too many")
    sentences = _SENTENCE.split(text)
    if len(set(sentences)) < len(sentences):
        found.append("says a sentence twice")
    if len(text) < 40:
        found.append("says next to nothing")
    return found


def names_in(text: str) -> set[str]:
    """All names in a text."""
    return set(_NAME.findall(text))


@cache
def _names_of(id_: str) -> frozenset[str]:
    """What is named on the page of a pattern and in its wordings."""
    card = card_of(patterns()[id_])
    parts = [card.what, card.why, card.safety, card.before, card.after, card.references, patterns()[id_].name]
    parts += [one for part in PARTS for one in wording_of(id_).sentences[part]]
    return frozenset(names_in("\n".join(parts)))


def _pairs(text: str) -> set[tuple[str, str]]:
    words = [word.lower() for word in _WORD.findall(text)]
    return {(one, other) for one, other in pairwise(words) if "{" not in one + other}


@cache
def _known() -> tuple[Mapping[str, frozenset[tuple[str, str]]], Mapping[tuple[str, str], float]]:
    """The pairs of words that each pattern's wordings have, and the weight of each pair: rare ones tell more."""
    known = {}
    for id_ in patterns():
        sentences = [one for part in PARTS for one in wording_of(id_).sentences[part]]
        known[id_] = frozenset(pair for one in sentences for pair in _pairs(one))
    counted = Counter(pair for pairs in known.values() for pair in pairs)
    return known, {pair: math.log(len(known) / count) for pair, count in counted.items()}


def _scores(text: str) -> Counter[str]:
    """How well the pairs of words in a text fit the wordings of each pattern."""
    known, weights = _known()
    pairs = _pairs(text)
    return Counter({id_: sum(weights[pair] for pair in pairs & own) for id_, own in known.items()})
