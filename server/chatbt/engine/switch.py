"""The switch in the environment. It is asked before everything else, so this imports nothing."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "CHATBT_ENGINE"
OFF = frozenset({"off", "0", "false", "no"})
"""What the variable says to switch the engine off."""


def is_off(environment: Mapping[str, str]) -> bool:
    """Whether the engine is switched off in the environment."""
    return environment.get(VARIABLE, "").strip().lower() in OFF
