"""Which files there are to check."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from chatbt.workspace.gitignore import Ignores, ignores_above, ignores_in
from chatbt.workspace.globs import matcher, slashed
from chatbt.workspace.origins import Message, Origin
from chatbt.workspace.settings import Settings

SUFFIXES = (".py", ".pyi", ".pyw", ".ipynb")


@dataclass(frozen=True, slots=True)
class Discovered:
    """Absolute paths, sorted, each once; and what could not be looked into."""

    files: tuple[Path, ...]
    messages: tuple[Message, ...]


def discover(paths: Iterable[Path], settings_for: Callable[[Path], Settings]) -> Discovered:
    """The Python files below these paths; `settings_for` gives what holds in a directory.

    A file that is named itself is taken whatever it is called, excluded or not, unless `force-exclude` is on.
    """
    walk = _Walk(settings_for)
    for path in paths:
        walk.start(Path(os.path.normpath(path.absolute())))
    walk.follow_links()
    return Discovered(tuple(map(Path, sorted(walk.files))), tuple(walk.messages))


class _Walk:
    def __init__(self, settings_for: Callable[[Path], Settings]) -> None:
        self.settings_for = settings_for
        self.files: set[str] = set()
        self.messages: list[Message] = []
        self.seen: set[tuple[int, int]] = set()
        # Links to folders come last, so that a file is found by its own path rather than through a link.
        self.links: list[tuple[str, Ignores | None]] = []

    def start(self, path: Path) -> None:
        try:
            is_folder = path.is_dir()
            if not is_folder and not path.exists():
                self.messages.append(Message(Origin(path), "no such file or folder."))
                return
        except OSError as error:
            self.messages.append(Message(Origin(path), f"cannot be read ({error.strerror})."))
            return
        settings = self.settings_for(path if is_folder else path.parent)
        if settings.force_exclude and settings.excludes(str(path)):
            return
        if is_folder:
            self.walk(str(path), self._ignores_above(path, settings))
        else:
            self.files.add(str(path))

    def _ignores_above(self, path: Path, settings: Settings) -> Ignores | None:
        ignores = ignores_above(path) if settings.respect_gitignore else None
        # Who names an ignored folder means it.
        return None if ignores and ignores.ignores(slashed(str(path)), folder=True) else ignores

    def follow_links(self) -> None:
        while self.links:
            folder, ignores = self.links.pop()
            self.walk(folder, ignores)

    def walk(self, top: str, ignores: Ignores | None) -> None:
        stack = [(top, ignores)]
        while stack:
            folder, above = stack.pop()
            entries = self.entries(folder)
            if entries:
                stack.extend(self.visit(folder, entries, above))

    def entries(self, folder: str) -> list[os.DirEntry[str]]:
        """What is in a folder; nothing where it was seen before, has vanished, or cannot be read."""
        try:
            status = Path(folder).stat()
            identity = (status.st_dev, status.st_ino)
            if identity in self.seen:
                return []
            self.seen.add(identity)
            with os.scandir(folder) as found:
                return list(found)
        except FileNotFoundError:
            return []
        except OSError as error:
            text = f"cannot be read ({error.strerror}). Its files are left out."
            self.messages.append(Message(Origin(Path(folder)), text))
            return []

    def visit(
        self, folder: str, entries: list[os.DirEntry[str]], ignores: Ignores | None
    ) -> Iterator[tuple[str, Ignores | None]]:
        """Takes the files of a folder and gives the folders in it."""
        settings = self.settings_for(Path(folder))
        if settings.respect_gitignore:
            ignores = ignores_in(folder, {entry.name for entry in entries if entry.name.startswith(".git")}, ignores)
        excluded = matcher(settings.exclude)
        for entry in entries:
            try:
                is_folder = entry.is_dir()
                if not is_folder and not (entry.name.endswith(SUFFIXES) and entry.is_file()):
                    continue
            except OSError:  # a link that leads round in a circle, or to nowhere
                continue
            path = entry.path
            if excluded(path) or (ignores and ignores.ignores(slashed(path), folder=is_folder)):
                continue
            if not is_folder:
                self.files.add(path)
            elif entry.is_symlink():
                self.links.append((path, ignores))
            else:
                yield path, ignores
