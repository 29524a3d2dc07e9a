"""Pairs that may be pulled: a table beside this file, by the memory that they are meant for."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Entry:
    """A pair on the hub. `memory` and `size` are in GB."""

    name: str
    memory: int
    target: str
    draft: str
    size: float
    licence: str
    source: str
    about: str


@cache
def catalogue() -> dict[str, Entry]:
    """Every pair by its name, the smallest first."""
    text = files(__package__).joinpath("catalogue.toml").read_text("utf-8")
    return {each["name"]: Entry(**each) for each in tomllib.loads(text)["pair"]}
