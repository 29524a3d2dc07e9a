"""Whether an engine can be started from here: what the `engine` extra brings, looked for and not loaded."""

from importlib.util import find_spec

NEEDED = ("torch", "transformers", "fastapi", "uvicorn")
MISSING = "the engine is not installed: `pip install 'chatbt[engine]'` adds it"


def is_installed() -> bool:
    """Whether all of it is there."""
    return all(map(_is_there, NEEDED))


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):  # a finder refuses it, or it is barred in `sys.modules`
        return False
