"""How a model is spoken to. Which way is told by its name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from chatbt.engine.shapes import Message
from chatbt.orchestrator.grounding.ground import Ground
from chatbt.orchestrator.pseudonyms import Pseudonyms
from chatbt.specialists.pattern import Pattern

_OURS = re.compile(r"\bbundled\b|chatbt", re.IGNORECASE)
"""What the name of a model has in it that was trained as the bundled pair was."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question is about: findings and patterns, the most important first, and code; what was said before."""

    question: str
    grounds: Sequence[Ground] = ()
    cards: Sequence[Pattern] = ()
    code: str = ""
    target: tuple[int, int] = (3, 12)
    history: Sequence[Message] = ()


class Style(Protocol):
    """Makes conversations of what is asked."""

    free: ClassVar[bool]
    """Whether the model can be asked for anything, and not only about a finding."""

    def names(self, ground: Ground, /) -> Pseudonyms:
        """What the code's names are called in what the model is asked about a finding, and says."""
        ...

    def explain(self, ground: Ground) -> list[Message]:
        """Have a finding explained."""
        ...

    def ask(self, topic: Topic) -> list[Message]:
        """Have a question answered; a model that is not free needs a finding."""
        ...


def style_of(model: str) -> Style:
    """The way to speak to a model of this name."""
    from chatbt.orchestrator.styles.bundled import Bundled
    from chatbt.orchestrator.styles.full import Full

    return Bundled() if _OURS.search(model) else Full()
