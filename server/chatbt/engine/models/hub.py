"""Getting a pair from the Hugging Face hub: only data, checked by its checksums, resumed where it broke off."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from errno import EDQUOT, EFBIG, ENOSPC
from functools import partial
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

from chatbt.engine.models.catalogue import Entry
from chatbt.engine.models.pairs import Pair, models_folder

WANTED = (
    "*.safetensors",
    "model.safetensors.index.json",
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "chat_template.jinja",
    "LICENSE*",
)
"""The files of a repository that are taken. No pickles and no programs: nothing that is pulled can run."""
SPARE = 2**30
"""Bytes of the disk that stay free."""
_BLOCK = 2**22
_LEFT_OVER = f"*.{'[0-9a-f]' * 8}.incomplete"
"""What the hub's library leaves behind where it is killed: such a file is of one process, and none goes on with it."""
_FULL = frozenset({ENOSPC, EDQUOT, EFBIG})
"""What a disk, a quota and a file system say that have no room for a file."""


class PullError(Exception):
    """A pair was not pulled; why, and what to do."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A file on the hub: its name, size, and checksum (SHA-256 of large files, git's of small ones)."""

    name: str
    size: int
    sha256: str = ""
    git: str = ""


@dataclass(frozen=True, slots=True)
class Repository:
    """A model on the hub at one commit."""

    name: str
    commit: str
    files: tuple[Remote, ...]

    @property
    def size(self) -> int:
        """Bytes of what is taken."""
        return sum(each.size for each in self.files)


Progress = Callable[[str, int, int], None]
"""Told the file, the bytes of the pair that are here, and those that there will be."""


def look(name: str) -> Repository:
    """What the hub has of a model. Raises `PullError`."""
    from fnmatch import fnmatch

    try:
        told = _hub().HfApi().model_info(name, files_metadata=True)
    except Exception as error:  # of several kinds, by version of the library
        raise PullError(f"{name} cannot be found on the hub: {_short(error)}") from error
    files = []
    for each in told.siblings or ():
        plain = Path(each.rfilename).name == each.rfilename  # nothing from a folder
        if plain and any(fnmatch(each.rfilename, pattern) for pattern in WANTED):
            large = each.lfs
            files.append(
                Remote(
                    each.rfilename, each.size or 0, large.sha256 if large else "", "" if large else each.blob_id or ""
                )
            )
    if not any(each.name.endswith(".safetensors") for each in files):
        raise PullError(f"{name} has no safetensors files; nothing else is taken, for pickles can run any code")
    return Repository(name, told.sha or "main", tuple(files))


def pull(entry: Entry, progress: Progress, folder: Path | None = None) -> Pair:
    """Download a pair, or the rest of it; the pair. Raises `PullError`, and then keeps what has come so far."""
    folder = folder or models_folder()
    aside, home = folder / f".{entry.name}.part", folder / entry.name
    if (home / "target" / "config.json").is_file():
        raise PullError(f"{entry.name} is here already, in {home}")
    parts = {"target": look(entry.target), "draft": look(entry.draft)}
    total = sum(repository.size for repository in parts.values())
    try:
        aside.mkdir(parents=True, exist_ok=True)
        for path in aside.rglob(_LEFT_OVER):
            path.unlink(missing_ok=True)
        here = sum(path.stat().st_size for path in aside.rglob("*") if path.is_file())
        free = shutil.disk_usage(aside).free
    except OSError as error:
        raise PullError(f"{folder} cannot be written to: {error}") from error
    if total - here + SPARE > free:
        raise PullError(
            f"{entry.name} needs {total / 1e9:.1f} GB, {folder} has {free / 1e9:.1f} GB free: "
            "CHATBT_MODELS_DIR names another place"
        )
    done = 0
    for part, repository in parts.items():
        for file in repository.files:
            name = f"{repository.name}/{file.name}"
            progress(name, done, total)
            _fetch(repository, file, aside / part, partial(_told, progress, name, done, total))
            done += file.size
    progress("", total, total)
    for part in parts:
        shutil.rmtree(aside / part / ".cache", ignore_errors=True)  # the hub's own notes
    try:
        aside.replace(home)
    except OSError as error:
        raise PullError(
            f"{entry.name} is whole, but cannot be moved to {home} ({_short(error)}): "
            "clear that place, then the same command goes on with it"
        ) from error
    return Pair(entry.name, home / "target", home / "draft")


def remove(name: str, folder: Path | None = None) -> int:
    """Delete a pulled pair, or what has come of it so far; how many bytes that were. Raises `PullError`."""
    folder = folder or models_folder()
    if Path(name).name != name or name.startswith("."):
        raise PullError(f"{name} is not the name of a pulled pair")
    found = [path for path in (folder / name, folder / f".{name}.part") if path.is_dir()]
    if not found:
        raise PullError(f"{name} has not been pulled: `chatbt model list` shows what has")
    size = sum(path.stat().st_size for home in found for path in home.rglob("*") if path.is_file())
    try:
        for home in found:
            shutil.rmtree(home)
    except OSError as error:
        raise PullError(f"{name} was not removed: {error}") from error
    return size


def _told(progress: Progress, name: str, before: int, total: int, here: int) -> None:
    progress(name, before + here, total)


def _bar(tell: Callable[[int], None]) -> Any:
    """A progress bar for the hub's library that draws nothing; `tell` is told the bytes of the file that are here."""
    base: Any = import_module("tqdm").tqdm
    nowhere = StringIO()

    def begin(self: Any, **given: Any) -> None:
        base.__init__(self, **{**given, "file": nowhere, "disable": False})

    def update(self: Any, more: float | None = 1) -> Any:
        told = base.update(self, more)
        tell(int(self.n))
        nowhere.truncate(0)
        return told

    def update_transfer(self: Any, more: float) -> None:
        """What has come over the network; only what is on the disk counts."""

    return type("Bar", (base,), {"__init__": begin, "update": update, "update_transfer": update_transfer})


def _fetch(repository: Repository, file: Remote, home: Path, tell: Callable[[int], None]) -> None:
    """One file, unless it is here and right; a damaged one is fetched once more."""
    path = home / file.name
    for _ in range(2):
        try:
            if not path.is_file():
                _hub().hf_hub_download(
                    repository.name, file.name, revision=repository.commit, local_dir=home, tqdm_class=_bar(tell)
                )
            if _right(path, file):
                return
            path.unlink()
        except OSError as error:  # the library's own are such too
            room = f"make room in {home.parent.parent}, then " if error.errno in _FULL else ""
            place = "; CHATBT_MODELS_DIR names another place" if room else ""
            raise PullError(
                f"{repository.name}/{file.name} was not downloaded ({_short(error)}): "
                f"{room}the same command goes on with it{place}"
            ) from error
        except Exception as error:
            raise PullError(f"{repository.name}/{file.name} was not downloaded: {_short(error)}") from error
    raise PullError(f"{repository.name}/{file.name} does not have the checksum that the hub says: try again later")


def _right(path: Path, file: Remote) -> bool:
    if path.stat().st_size != file.size:
        return False
    if not (file.sha256 or file.git):
        return True
    digest = hashlib.sha256() if file.sha256 else hashlib.sha1(f"blob {file.size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as opened:
        while block := opened.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest() == (file.sha256 or file.git)


def _hub() -> Any:
    """The hub's library, without its own bars and without telemetry. Raises `PullError` where it is not installed."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    try:
        import huggingface_hub
    except ImportError as error:
        raise PullError("models are pulled with `huggingface_hub`: pip install 'chatbt[engine]'") from error
    return huggingface_hub


def _short(error: BaseException) -> str:
    return (str(error).strip().partition("\n")[0] or type(error).__name__)[:200]
