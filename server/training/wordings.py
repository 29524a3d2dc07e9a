"""The wordings that explanations are made of: one hand-written TOML file for each pattern.

`messages` are regular expressions over a finding's message, whose named groups are slots. `cause`, `consequence` and
`rewrite` are sentences with slots, with no full stop, which start in lower case. A sentence is used where all its slots
are bound. Bound wherever the finding has them are {function}, {class}, {before}, {after}, {title} and {line}.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chatbt.specialists.cards import card_of
from chatbt.specialists.registry import patterns
from training.instances import Instance

FOLDER = Path(__file__).parent / "wordings"
PARTS = ("cause", "consequence", "rewrite")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said of a pattern's findings."""

    messages: tuple[re.Pattern[str], ...]
    sentences: Mapping[str, Sequence[str]]

    def usable(self, part: str, slots: Mapping[str, str]) -> list[str]:
        """The sentences of a part with their slots filled, where all of them are bound."""
        return [fill(one, slots) for one in self.sentences[part] if set(_SLOT.findall(one)) <= slots.keys()]


def fill(sentence: str, slots: Mapping[str, str]) -> str:
    """A sentence with its slots filled."""
    return _SLOT.sub(lambda found: slots[found.group(1)], sentence)


@cache
def wording_of(id_: str) -> Wording:
    """The wording of a pattern; where there is no file, what its page says."""
    file = FOLDER / f"{id_}.toml"
    if not file.is_file():
        return _from_the_page(id_)
    found = tomllib.loads(file.read_text(encoding="utf-8"))
    messages = tuple(re.compile(one) for one in found["messages"])
    return Wording(messages, {part: tuple(found[part]) for part in PARTS})


def _from_the_page(id_: str) -> Wording:
    why = re.split(r"(?<=[.!?]) +", " ".join(card_of(patterns()[id_]).why.split()))
    consequence = [lowered(one.rstrip(".")).replace("{", "(").replace("}", ")") for one in why]
    cause = re.compile(r"(?P<cause>.+)")
    return Wording((cause,), {"cause": ("{cause}",), "consequence": consequence, "rewrite": ("{fix}",)})


def lowered(sentence: str) -> str:
    """The sentence as it stands within another: without its capital, if that is an ordinary word's."""
    first = sentence.split(maxsplit=1)[0] if sentence else ""
    ordinary = first[:1].isupper() and (first[1:].islower() or len(first) == 1) and first not in {"I", "Python"}
    return sentence[:1].lower() + sentence[1:] if ordinary else sentence


def raised(sentence: str) -> str:
    """The sentence as it stands alone."""
    return sentence[:1].upper() + sentence[1:]


def slots_of(instance: Instance) -> dict[str, str]:
    """What is bound for an instance."""
    asked = instance.asked
    slots = {
        "function": asked.function,
        "class": asked.owner,
        "before": asked.before if len(asked.before) <= 60 else "",
        "after": asked.after,
        "title": asked.title,
        "fix": lowered(asked.title),
        "line": str(asked.line),
    }
    for expression in wording_of(asked.pattern).messages:
        found = expression.search(asked.message)
        if found:
            slots.update({name: value for name, value in found.groupdict().items() if value})
            break
    sentences = ("title", "fix", "cause")  # may have quotes of their own
    return {name: value for name, value in slots.items() if value and ("`" not in value or name in sentences)}
