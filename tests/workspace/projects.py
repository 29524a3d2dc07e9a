"""Projects made for a test, and what holds in them."""

from collections.abc import Mapping
from pathlib import Path

from chatbt.workspace.configuration import Configuration, Effective, Overlay
from tests.workspace.rules import RULES


def write(name: str, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def pyproject(settings: str, name: str = "pyproject.toml") -> None:
    """A pyproject.toml with these settings, the first of them on line 2."""
    write(name, f"[tool.chatbt]\n{settings}\n")


def configured(*overlays: Overlay, isolated: bool = False) -> Configuration:
    return Configuration(RULES, (3, 12), Path.cwd(), overlays, isolated=isolated)


def effective(file: str = "a.py", *overlays: Overlay) -> Effective:
    return configured(*overlays).for_file(Path.cwd() / file)


def client(values: Mapping[str, object]) -> Overlay:
    return Overlay(values, "client setting", Path.cwd())


def said(file: str = "a.py") -> list[str]:
    return [str(message) for message in effective(file).messages]


def origin(key: str, file: str = "a.py", *overlays: Overlay) -> list[str]:
    return [str(item) for item in effective(file, *overlays).explain() if item.key == key]
