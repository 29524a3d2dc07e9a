"""The card of a finding as an answer: what is shown where no model speaks, or where one was not good enough."""

from chatbt.orchestrator.fencing import fenced
from chatbt.orchestrator.grounding.ground import Subject
from chatbt.specialists.cards import card_of
from chatbt.specialists.pattern import Pattern


def card_text(subject: Subject) -> str:
    """The card of a finding, in Markdown."""
    message = f"{capital(subject.problem.message)}."
    return f"{message}\n\n{page_text(subject.pattern)}" if subject.pattern else message


def page_text(pattern: Pattern) -> str:
    """What a pattern's page says, in Markdown."""
    card = card_of(pattern)
    parts = [
        f"**{card.title}** (`{pattern.id}`, {pattern.name})",
        card.why,
        f"For example:\n{fenced(card.before)}\nBetter:\n{fenced(card.after)}",
    ]
    if pattern.make_fix is not None:
        parts.append(f"*When the fix is safe:* {card.safety}")
    return "\n\n".join(parts)


def capital(text: str) -> str:
    """A text with a capital at its start."""
    return f"{text[:1].upper()}{text[1:]}"
