"""Which pairs of models are here: a target and a draft in folders, and what they are called."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

import chatbt

BUNDLED = "bundled"
"""The name of the pair that comes with ChatBT."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A target and, where there is one, its draft."""

    name: str
    target: Path
    draft: Path | None = None

    @property
    def size(self) -> int:
        """Bytes of the weights."""
        folders = [self.target, *([self.draft] if self.draft else [])]
        return sum(path.stat().st_size for folder in folders for path in folder.glob("*.safetensors"))


def models_folder() -> Path:
    """Where pulled models lie; CHATBT_MODELS_DIR names another place."""
    named = os.environ.get("CHATBT_MODELS_DIR")
    return Path(named) if named else user_data_path("chatbt") / "models"


def bundled() -> Pair | None:
    """The pair that comes with ChatBT, None where this installation has none."""
    folder = Path(chatbt.__file__).parent / "dsde" / "pair"
    return _pair(BUNDLED, folder)


def pulled(folder: Path | None = None) -> list[Pair]:
    """The pairs that have been pulled, the largest first."""
    folder = folder or models_folder()
    try:
        names = sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError:
        return []
    found = [pair for name in names if (pair := _pair(name, folder / name)) is not None]
    return sorted(found, key=lambda pair: (-pair.size, pair.name))


def named(model: str, draft: str = "") -> tuple[Pair, ...]:
    """What a setting or an option names, then what is smaller and here too, for when it does not fit.

    A folder stands alone: whoever names one wants that one. Raises `LookupError` with what is wrong.
    """
    here, small = pulled(), bundled()
    rest = (small,) if small else ()
    if model in ("", BUNDLED):
        if not rest:
            raise LookupError("this installation has no bundled pair: `chatbt model pull` gets one, --target names one")
        return rest
    for at, pair in enumerate(here):
        if pair.name == model:
            return (*here[at:], *rest)
    folder = Path(model).expanduser()
    if (folder / "config.json").is_file():
        return (Pair(folder.name, folder, Path(draft).expanduser() if draft else None),)
    if (pair_here := _pair(folder.name, folder)) is not None:
        return (pair_here,)
    raise LookupError(f"{model} is neither a model that is here nor a folder of one: `chatbt model list` shows them")


def _pair(name: str, folder: Path) -> Pair | None:
    """A folder with `target` and perhaps `draft` in it."""
    if not (folder / "target" / "config.json").is_file():
        return None
    draft = folder / "draft"
    return Pair(name, folder / "target", draft if (draft / "config.json").is_file() else None)
