"""The key of a server elsewhere: from the environment or the system's keyring, never from a file of ours."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

SERVICE = "chatbt"
"""Under which the keyring has keys, by the server's host."""


def key_for(url: str) -> str:
    """What CHATBT_ENGINE_KEY says, else what the keyring has for the host (if `keyring` is installed), else ""."""
    if key := os.environ.get("CHATBT_ENGINE_KEY", "").strip():
        return key
    try:
        ring: Any = import_module("keyring")
        return str(ring.get_password(SERVICE, urlsplit(url).hostname or "") or "")
    except Exception:  # it is not installed, locked, or has no backend here; each has an error of its own
        return ""
