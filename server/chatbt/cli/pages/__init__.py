"""The generated documentation: a page for each pattern, an index of them, a page of the settings."""

from collections.abc import Mapping
from pathlib import Path

from chatbt.cli.pages.index import index_page
from chatbt.cli.pages.pattern import pattern_page
from chatbt.cli.pages.settings import settings_page
from chatbt.specialists.docs import page_name
from chatbt.specialists.pattern import Pattern
from chatbt.specialists.registry import patterns

FIX_CLASSES = ("safe", "review")


def pages(cases: Path) -> Mapping[str, str]:
    """Every page by its path in the folder of the docs; `cases` is the folder of the patterns' cases files."""
    found = {pattern: fix_classes(pattern, cases) for pattern in patterns().values()}
    texts = {page_name(pattern): pattern_page(pattern, fixes) for pattern, fixes in found.items()}
    return {**texts, "index.md": index_page(found), "settings.md": settings_page()}


def fix_classes(pattern: Pattern, cases: Path) -> tuple[str, ...]:
    """The classes that the fixes in the pattern's cases file reach."""
    file = cases / pattern.specialist / f"{pattern.module.rpartition('.')[2]}.md"
    fences = {line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("```")}
    return tuple(name for name in FIX_CLASSES if f"```python {name}" in fences)
