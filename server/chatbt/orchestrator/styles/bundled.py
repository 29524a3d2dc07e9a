"""The way to speak to the bundled pair: short prompts in the one form that it has learned."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from chatbt.engine.shapes import Message
from chatbt.orchestrator import prompts
from chatbt.orchestrator.grounding.ground import Ground
from chatbt.orchestrator.prompts import LONGEST_CODE, Asked

_ROOMS = (LONGEST_CODE, 16, 12, 10, 8, 6)
_BUDGET = 340
"""Tokens of a prompt; it has learned texts of up to 512 with their answers."""
_PIECE = re.compile(r"\d|[A-Za-z]{1,5}|_|[^\sA-Za-z_\d]|\n *")


@dataclass(frozen=True, slots=True)
class Bundled:
    """Prompts as `orchestrator.prompts` has them."""

    free: ClassVar[bool] = False

    def explain(self, ground: Ground) -> list[Message]:
        """Have a finding explained."""
        return [Message("user", prompts.explain(fitting(ground)))]

    def ask(self, question: str, grounds: Sequence[Ground], history: Sequence[Message]) -> list[Message]:
        """Have a question answered on the first of the findings."""
        return [Message("user", prompts.ask(fitting(grounds[0]), question))]


def fitting(ground: Ground) -> Asked:
    """A finding with as many lines as fit."""
    asked = ground.asked()
    for room in _ROOMS:
        asked = ground.asked(room)
        if tokens(prompts.finding(asked)) <= _BUDGET:
            break
    return asked


def tokens(text: str) -> int:
    """About how many tokens a text has in the bundled pair's vocabulary, rather too many than too few."""
    return len(_PIECE.findall(text)) * 6 // 5
