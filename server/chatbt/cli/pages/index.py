"""The index of the pages."""

from collections.abc import Mapping

from chatbt.cli.pages.pattern import SPECIALISTS, fix_words
from chatbt.specialists.cards import card_of
from chatbt.specialists.docs import page_name
from chatbt.specialists.pattern import Pattern


def index_page(found: Mapping[Pattern, tuple[str, ...]]) -> str:
    """The table of all patterns, by specialist, with the classes that the fixes of each reach."""
    text = "# The patterns\n\nHow to choose among them: [settings](settings.md).\n"
    for specialist, title in SPECIALISTS.items():
        rows = [_row(pattern, fixes) for pattern, fixes in found.items() if pattern.specialist == specialist]
        if rows:
            head = "| Id | Name | What it reports | Group | Severity | Fix | In ruff |\n|---|---|---|---|---|---|---|\n"
            text += f"\n## {title}\n\n{head}{''.join(rows)}"
    return text


def _row(pattern: Pattern, fixes: tuple[str, ...]) -> str:
    name = f"[{pattern.name}]({page_name(pattern)})"
    title = card_of(pattern).title + ("" if pattern.stability == "stable" else f" ({pattern.stability})")
    codes = ", ".join(pattern.ruff)
    cells = (pattern.id, name, title, pattern.group, pattern.severity.value, fix_words(fixes), codes)
    return f"| {' | '.join(cells)} |\n"
