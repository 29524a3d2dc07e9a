"""Whether an engine can be started from here: what the `engine` extra brings, looked for and not loaded."""

from importlib.util import find_spec

NEEDED = ("torch", "transformers", "fastapi", "uvicorn")
MISSING = "the engine is not installed: `pip install 'chatbt[engine]'` adds it"


def is_installed() -> bool:
    """Whether all of it is there."""
    return all(map(find_spec, NEEDED))
