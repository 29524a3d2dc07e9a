"""What `chatbt rule` says of a pattern."""

from chatbt.cli.pages.pattern import SPECIALISTS, pattern_page
from chatbt.specialists.cards import card_of
from chatbt.specialists.docs import page_of
from chatbt.specialists.pattern import Pattern


def text_of(pattern: Pattern) -> str:
    """Its page in Markdown; one that has none yet is made, without what its cases would say of its fixes."""
    page = page_of(pattern)
    return page.read_text(encoding="utf-8") if page else pattern_page(pattern, None)


def as_json(pattern: Pattern) -> dict[str, object]:
    """The pattern with ruff's names for its parts, where ruff has them."""
    card = card_of(pattern)
    return {
        "name": pattern.name,
        "code": pattern.id,
        "linter": SPECIALISTS[pattern.specialist],
        "summary": card.title,
        "fix_availability": "Sometimes" if pattern.make_fix else "None",
        "explanation": text_of(pattern),
        "preview": pattern.stability == "preview",
        "stability": pattern.stability,
        "since": pattern.since,
        "severity": pattern.severity.value,
        "group": pattern.group,
        "ruff": list(pattern.ruff),
    }
