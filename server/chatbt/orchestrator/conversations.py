"""Conversations: what was said, and what it was about, so that a question may go on from it."""

from collections import OrderedDict
from dataclasses import dataclass, field

from chatbt.engine.shapes import Message
from chatbt.orchestrator.bearing import Bearing

MOST, TURNS, LONGEST = 32, 6, 2000
"""Conversations in memory, questions and answers of each, characters of each text."""
_FOLLOWING = 12
"""A question of so few words that leads nowhere by itself goes on from the last."""


@dataclass(slots=True)
class Conversation:
    """What was said, and what the last question was about."""

    about: Bearing | None = None
    messages: list[Message] = field(default_factory=list)

    def follows(self, question: str) -> Bearing | None:
        """What a question is about that leads nowhere by itself; None if it does not go on from the last."""
        return self.about if len(question.split()) <= _FOLLOWING else None

    def add(self, question: str, answer: str, about: Bearing) -> None:
        """Keep a question and its answer."""
        self.about = about
        self.messages += [Message("user", question[:LONGEST]), Message("assistant", answer[:LONGEST])]
        del self.messages[: -2 * TURNS]


class Conversations:
    """The conversations of one window, the last used ones."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Conversation] = OrderedDict()

    def get(self, name: str | None) -> Conversation:
        """The conversation of a name; a new one where there is none."""
        if name is None:
            return Conversation()
        found = self._known.setdefault(name, Conversation())
        self._known.move_to_end(name)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return found
