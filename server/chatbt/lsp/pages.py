"""Where a pattern's page is: on the site if one is configured, else beside the code."""

from functools import cache
from pathlib import Path

import chatbt
from chatbt.specialists.pattern import Pattern


def page_of(pattern: Pattern, docs_url: str | None) -> str | None:
    """The URI of the page, or None if there is neither a site nor a page."""
    if docs_url:
        return f"{docs_url.rstrip('/')}/{pattern.specialist}/{pattern.name}"
    return _pages().get(pattern.name)


@cache
def _pages() -> dict[str, str]:
    """The pages that came with the package, or stand beside it in a checkout, by the name of their pattern."""
    package = Path(chatbt.__file__).parent
    folder = next((one for one in (package / "docs", package.parent / "docs") if one.is_dir()), None)
    return {page.stem: page.as_uri() for page in folder.rglob("*.md")} if folder else {}
