"""Where a setting stands, and what is said when something is wrong with it."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Origin(NamedTuple):
    """A place in a file (1-based line, None for the file as a whole), or words such as "client setting"."""

    source: Path | str
    line: int | None = None

    def __str__(self) -> str:
        if isinstance(self.source, str):
            return self.source
        try:
            shown = str(self.source.relative_to(Path.cwd()))
        except (ValueError, OSError):
            shown = str(self.source)
        return f"{shown}:{self.line}" if self.line else shown


DEFAULT = Origin("default")


class Message(NamedTuple):
    """What is wrong, where, and what happens now, for the user."""

    origin: Origin
    text: str

    def __str__(self) -> str:
        return f"{self.origin}: {self.text}"


_ESCAPED = re.compile(r'[\x00-\x1f\x7f"\\]')
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def _escape(character: re.Match[str]) -> str:
    code = character[0]
    return f"\\{code}" if code in '"\\' else f"\\u{ord(code):04x}"


def shown(value: object, limit: int | None = 60) -> str:
    """A value as TOML would write it, cut at `limit` characters."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        text = f'"{_ESCAPED.sub(_escape, value)}"'
    elif isinstance(value, dict):
        items = [
            f"{key if _BARE.fullmatch(key) else shown(key, None)} = {shown(item, None)}" for key, item in value.items()
        ]
        text = f"{{{', '.join(items)}}}"
    elif isinstance(value, (list, tuple)):
        text = f"[{', '.join(shown(item, None) for item in value)}]"
    else:
        text = str(value)
    return text if limit is None or len(text) <= limit else f"{text[: limit - 3]}..."


def suggestion(unknown: str, names: Iterable[str], prefix: str = "") -> str:
    """The nearest known name, as words to put behind the unknown one; empty if none is near."""
    import difflib

    near = difflib.get_close_matches(unknown, list(names), n=1, cutoff=0.6)
    return f" (did you mean {prefix}{near[0]}?)" if near else ""
