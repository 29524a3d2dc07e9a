"""How a model is spoken to. Which way is told by its name."""

from collections.abc import Sequence
from typing import Protocol

from chatbt.engine.shapes import Message
from chatbt.orchestrator.grounding.ground import Ground

BUNDLED = "chatbt"
"""What the name of a model has in it that was trained on the prompts of `orchestrator.prompts`."""


class Style(Protocol):
    """Makes conversations of what is asked."""

    free: bool
    """Whether the model can be asked about anything, and not only about a finding."""

    def explain(self, ground: Ground) -> list[Message]:
        """Have a finding explained."""
        ...

    def ask(self, question: str, grounds: Sequence[Ground], history: Sequence[Message]) -> list[Message]:
        """Have a question answered on findings, the most important first."""
        ...


def style_of(model: str) -> Style:
    """The way to speak to a model of this name."""
    from chatbt.orchestrator.styles import bundled

    return bundled.Bundled()
