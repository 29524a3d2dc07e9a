"""The way to speak to the bundled pair: short prompts in the one form that it has learned."""

import re
from dataclasses import dataclass
from typing import ClassVar

from chatbt.engine.shapes import Message
from chatbt.orchestrator import prompts
from chatbt.orchestrator.grounding.ground import Ground
from chatbt.orchestrator.prompts import LONGEST_CODE, Asked
from chatbt.orchestrator.pseudonyms import NONE, Pseudonyms, pseudonyms
from chatbt.orchestrator.styles import Topic

_ROOMS = (LONGEST_CODE, 16, 12, 10, 8, 6)
_BUDGET = 340
"""Tokens of a prompt; it has learned texts of up to 512 with their answers."""
_PIECE = re.compile(r"\d|[A-Za-z]{1,5}|_|[^\sA-Za-z_\d]|\n *")


@dataclass(frozen=True, slots=True)
class Bundled:
    """Prompts as `orchestrator.prompts` has them."""

    free: ClassVar[bool] = False
    renamed: bool = True

    def names(self, ground: Ground, /) -> Pseudonyms:
        """What the code's names are called when the model is asked about a finding."""
        return pseudonyms(fitting(ground)) if self.renamed else NONE

    def explain(self, ground: Ground) -> list[Message]:
        """Have a finding explained."""
        return [Message("user", prompts.explain(self.names(ground).asked(fitting(ground))))]

    def ask(self, topic: Topic) -> list[Message]:
        """Have a question answered on the first of the findings, in the words in which it has learned to be asked."""
        asked = self.names(topic.grounds[0]).asked(fitting(topic.grounds[0]))
        question = known_question(topic.question, asked.pattern)
        return [Message("user", prompts.ask(asked, question) if question else prompts.explain(asked))]


_KNOWN = (
    (r"silenc|suppress|ignor|\bturn\b.*\boff\b|disable|noqa", "How do I silence it?"),
    (r"\bsafe(ly)?\b|chang\w* (the )?behaviou?r|without a look|break anything", "Is the fix safe?"),
    (r"read more|reference|documentation|\bdocs?\b|which document", "Where can I read more?"),
    (
        r"\binstead\b|\bhow (do|can|could|should|would) (i|we|one|it)\b|better way|\bfix\b",
        "What should I write instead?",
    ),
    (r"\bwhat (does|is) \{id\}|this (pattern|rule)\b", "What does {id} do?"),
    (r"\bwhy\b|problem|wrong|matter|\bbad\b|harm", "Why does it matter?"),
)
"""Questions on a finding that it has learned, and by which words they are known."""


def known_question(question: str, pattern: str) -> str:
    """The question that it has learned and that comes nearest; "" if none does."""
    text = question.replace(pattern, "{id}").lower()
    return next((known.format(id=pattern) for words, known in _KNOWN if re.search(words, text)), "")


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
