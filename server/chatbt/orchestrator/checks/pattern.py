"""Patterns that the text should not speak of."""

import re

from chatbt.orchestrator.checks import Said
from chatbt.specialists.registry import patterns

_ID = re.compile(r"\b(?:CC|PY|SL)\d{3}\b")
_NAME = re.compile(r"`([a-z]+(?:-[a-z]+)+)`")


def check(said: Said) -> str | None:
    """The ids and names of patterns in a text are those that it is about."""
    by_name = {one.name: one.id for one in patterns().values()}
    named = {*_ID.findall(said.text), *(by_name[one] for one in _NAME.findall(said.text) if one in by_name)}
    foreign = sorted(named - said.patterns)
    return f"speaks of {foreign[0]}, which it is not about" if foreign else None
