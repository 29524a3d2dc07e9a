"""URIs of files. The client's spelling of a URI is its key everywhere; only what reads the disk wants a path."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit


def to_path(uri: str) -> Path | None:
    """The absolute path that a `file:` URI (or a notebook cell's) names; None for what is not on the disk."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme not in ("file", "vscode-notebook-cell") or not parts.path:
        return None
    path = unquote(parts.path, errors="surrogateescape")
    if os.name == "nt":
        from urllib.request import url2pathname

        path = url2pathname(parts.path)
    if "\0" in path:
        return None
    if parts.netloc and parts.scheme == "file" and os.name == "nt":
        path = f"//{parts.netloc}{path}"
    return Path(path) if Path(path).is_absolute() else None


def to_uri(path: str | Path) -> str:
    """The `file:` URI of an absolute path."""
    return Path(path).as_uri()
