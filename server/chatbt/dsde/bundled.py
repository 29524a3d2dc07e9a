"""The pair of models that comes with ChatBT."""

from __future__ import annotations

from pathlib import Path

PAIR = Path(__file__).parent / "pair"


def bundled_pair() -> tuple[Path, Path] | None:
    """The folders of the bundled target and its draft, None where this installation has none."""
    target, draft = PAIR / "target", PAIR / "draft"
    return (target, draft) if (target / "config.json").is_file() and (draft / "config.json").is_file() else None
