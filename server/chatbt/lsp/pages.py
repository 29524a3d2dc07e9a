"""Where a pattern's page is: on the site if one is configured, else beside the code."""

from functools import cache

from chatbt.specialists import docs
from chatbt.specialists.pattern import Pattern


@cache
def page_of(pattern: Pattern, docs_url: str | None) -> str | None:
    """The URI of the page; None if there is neither a site nor a page."""
    if docs_url:
        return f"{docs_url.rstrip('/')}/{pattern.specialist}/{pattern.name}"
    page = docs.page_of(pattern)
    return page.as_uri() if page else None
