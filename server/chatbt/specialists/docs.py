"""Where the generated pages are: beside the code of an installed package, else in the checkout's `server/docs`."""

from functools import cache
from pathlib import Path

import chatbt
from chatbt.specialists.pattern import Pattern


@cache
def docs_folder() -> Path | None:
    """The folder of the pages, if they came along."""
    package = Path(chatbt.__file__).parent
    return next((one for one in (package / "docs", package.parent / "docs") if one.is_dir()), None)


def page_name(pattern: Pattern) -> str:
    """The page of a pattern, relative to the folder."""
    return f"{pattern.specialist}/{pattern.name}.md"


def page_of(pattern: Pattern) -> Path | None:
    """The page of a pattern, if it came along."""
    folder = docs_folder()
    page = folder and folder / page_name(pattern)
    return page if page and page.is_file() else None
