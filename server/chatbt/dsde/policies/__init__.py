"""Policies of speculation length: one file each. The folder is the list."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from chatbt.dsde.policies.base import Policy


@cache
def policies() -> dict[str, type[Policy]]:
    """Every policy by its name."""
    found: dict[str, type[Policy]] = {}
    for module in iter_modules(__path__):
        for value in vars(import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Policy) and "name" in vars(value):
                found[value.name] = value
    return dict(sorted(found.items()))
