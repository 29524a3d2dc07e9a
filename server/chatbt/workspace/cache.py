"""What checking a file has found, kept on the disk: for each root of a project one file of the cache, and another where
suggestions were asked for too.

A finding is a pure function of the text, the settings and ChatBT itself. So an entry holds for a file whose content and
settings are the same; that the content is the same is believed when size, time and inode are. Entries of another
ChatBT (its version, its source files) or another Python are not read.
"""

import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import chatbt
from chatbt.workspace.check_result import Record, Result, Stamp
from chatbt.workspace.configuration import Effective
from chatbt.workspace.settings import KnownRules

_PARTS = ("source", "analysis", "rewriting", "specialists", "verification", "workspace")
_RULES = "rules.json"
_KEPT = 30 * 24 * 3600  # seconds that a root's file stays without being used
_RACY = 2 * 10**9  # ns: a file that changed so shortly before may change again without showing it


class _Root(NamedTuple):
    """The root of a project, and whether suggestions are among what is known of its files."""

    path: str
    suggestions: bool


class Entry(NamedTuple):
    """What is known of a file: of its settings, state and content, whether fixes were made too, and what was found."""

    settings: str
    stamp: list[int]
    digest: str
    fixes: bool
    records: list[list[Any]]


def cache_folder() -> Path:
    """Where the caches of this user are."""
    if sys.platform == "linux":  # as platformdirs has it, without the time that its import takes
        return Path(os.environ.get("XDG_CACHE_HOME", "").strip() or Path.home() / ".cache") / "chatbt"
    import platformdirs

    return Path(platformdirs.user_cache_dir("chatbt"))


class Cache:
    """The cache of what was checked. Nothing that is wrong with it is an error: it is as if it were empty."""

    def __init__(self, folder: Path, *, enabled: bool = True) -> None:
        """The cache in this folder; one that is not `enabled` knows nothing and keeps nothing."""
        self._folder = folder
        self._enabled = enabled
        self._code = code_digest()
        self._roots: dict[_Root, dict[str, list[Any]]] = {}
        self._changed: set[_Root] = set()
        self._keys: dict[int, tuple[Effective, str]] = {}

    def known_rules(self) -> KnownRules:
        """The rules there are; without importing them where this cache has seen them."""
        held = self._load(self._folder / _RULES)
        if held is not None:
            return KnownRules(frozenset(held["ids"]), held["names"], held["renamed"], frozenset(held["preview"]))
        from chatbt.workspace.profiles import known_rules

        known = known_rules()
        self._store(
            self._folder / _RULES,
            {
                "ids": sorted(known.ids),
                "names": dict(known.names),
                "renamed": dict(known.renamed),
                "preview": sorted(known.preview),
            },
        )
        return known

    def get(self, path: str, effective: Effective, *, fixes: bool, suggestions: bool = False) -> Result | None:
        """The result of the file as it is now; None if it is not known."""
        root = _Root(effective.settings.root, suggestions)
        held = self._files(root).get(path)
        if held is None:
            return None
        entry = Entry(*held)
        if entry.settings != self._key(effective) or (fixes and not entry.fixes):
            return None
        try:
            stamp = list(stamped(Path(path)))
            if stamp != entry.stamp or stamp[1] == 0:
                if stamp[0] != entry.stamp[0] or digest(Path(path).read_bytes()) != entry.digest:
                    return None
                self._put(root, path, entry._replace(stamp=stamp))
        except OSError:
            return None
        return Result(path, tuple(map(Record.of_plain, entry.records)))

    def put(self, result: Result, effective: Effective, *, fixes: bool, suggestions: bool = False) -> None:
        """Keep the result of a file that could be read."""
        if result.stamp is None:
            return
        plain = [record.plain() for record in result.records]
        entry = Entry(self._key(effective), list(result.stamp), result.digest, fixes, plain)
        self._put(_Root(effective.settings.root, suggestions), result.path, entry)

    def save(self) -> None:
        """Write what has changed, without files that are no more; drop what was not used for long."""
        for root in self._changed:
            files = {path: entry for path, entry in self._roots[root].items() if Path(path).exists()}
            self._store(self._root_file(root), {"files": files})
        if self._changed:
            self._prune()

    def _put(self, root: _Root, path: str, entry: Entry) -> None:
        self._files(root)[path] = list(entry)
        self._changed.add(root)

    def _files(self, root: _Root) -> dict[str, list[Any]]:
        files = self._roots.get(root)
        if files is None:
            held = self._load(self._root_file(root))
            files = self._roots[root] = held["files"] if held else {}
        return files

    def _root_file(self, root: _Root) -> Path:
        return self._folder / f"check-{digest(os.fsencode(root.path))}{'-all' * root.suggestions}.json"

    def _key(self, effective: Effective) -> str:
        """The digest of all that the configuration says of a folder's files."""
        known = self._keys.get(id(effective))
        if known is None:
            said = repr((_canonical(effective.settings), _canonical(effective.ruff)))
            known = self._keys[id(effective)] = (effective, digest(said.encode("utf-8", "surrogatepass")))
        return known[1]

    def _load(self, file: Path) -> dict[str, Any] | None:
        import orjson

        if not self._enabled:
            return None
        try:
            held = orjson.loads(file.read_bytes())
            if held["code"] != self._code:
                return None
            os.utime(file)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        content: dict[str, Any] = held
        return content

    def _store(self, file: Path, content: Mapping[str, object]) -> None:
        import orjson

        if not self._enabled:
            return
        partial = file.with_name(f"{file.name}.{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(orjson.dumps({"code": self._code, **content}))
            partial.replace(file)
        except (OSError, TypeError):  # a full disk; a path that is not UTF-8
            with suppress(OSError):
                partial.unlink()

    def _prune(self) -> None:
        for file in self._folder.glob("check-*"):
            try:
                if time.time() - file.stat().st_mtime > _KEPT:
                    file.unlink()
            except OSError:
                continue


def cache_files(folder: Path) -> list[Path]:
    """The files of the caches in a folder."""
    return [*folder.glob("check-*.json*"), *folder.glob(f"{_RULES}*")]


def digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def code_digest() -> str:
    """What the findings depend on beside text and settings: the source files of ChatBT, and the Python."""
    package = Path(chatbt.__file__).parent
    said = [f"{chatbt.__version__} {sys.version}"]
    folders = [f"{package}{os.sep}{part}" for part in _PARTS]
    while folders:
        with os.scandir(folders.pop()) as found:
            for entry in sorted(found, key=lambda entry: entry.name):
                if entry.is_dir() and entry.name != "__pycache__":
                    folders.append(entry.path)
                elif entry.name.endswith(".py"):
                    status = entry.stat()
                    said.append(f"{entry.path} {status.st_size} {status.st_mtime_ns}")
    return digest("\n".join(said).encode("utf-8", "surrogatepass"))


def stamped(path: Path) -> Stamp:
    """The state that the file is in now."""
    status = path.stat()
    changed = status.st_mtime_ns if time.time_ns() - status.st_mtime_ns > _RACY else 0
    return Stamp(status.st_size, changed, status.st_ino)


def _canonical(value: object) -> object:
    """A value whose repr is the same in every process."""
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [_canonical(one) for one in value]
    if isinstance(value, Mapping):
        return sorted((key, _canonical(one)) for key, one in value.items())
    if is_dataclass(value):
        return [_canonical(getattr(value, field.name)) for field in fields(value)]
    return value
