"""The workspace's folders, the settings that hold in each, and so what is looked for in a file."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from chatbt.lsp.uris import to_path, to_uri
from chatbt.workspace.configuration import Configuration, Effective, Overlay
from chatbt.workspace.profile import Profile
from chatbt.workspace.profiles import known_rules, profile_for

OWN_SETTINGS = ("diagnosticMode", "docsUrl", "engine", "userSettings")
"""Client settings that are the editor's alone: no file of a project has them."""


class Folders:
    """One configuration per workspace folder, and one for what lies in none of them."""

    def __init__(self, uris: Iterable[str], settings: Mapping[str, Any]) -> None:
        self.settings: Mapping[str, Any] = settings
        self._configurations: dict[Path, Configuration] = {}
        self._elsewhere = self._configuration(Path.cwd())
        self.change(uris, ())

    @property
    def paths(self) -> list[Path]:
        return list(self._configurations)

    @property
    def uris(self) -> list[str]:
        return [to_uri(path) for path in self._configurations]

    def configurations(self) -> Iterable[tuple[Path, Configuration]]:
        """Each folder and its configuration."""
        return self._configurations.items()

    @property
    def docs_url(self) -> str | None:
        """The site of the patterns' pages, if the client has set one."""
        url = self.settings.get("docsUrl")
        return url if isinstance(url, str) and url.startswith("https://") else None

    def change(self, added: Iterable[str], removed: Iterable[str]) -> None:
        """Folders came and went."""
        for uri in removed:
            if path := to_path(uri):
                self._configurations.pop(path, None)
        for uri in added:
            if path := to_path(uri):
                self._configurations[path] = self._configuration(path)

    def configure(self, settings: Mapping[str, Any], per_folder: Mapping[Path, Mapping[str, Any]]) -> None:
        """The client's settings, and those that it has for single folders, are others now."""
        self.settings = settings
        self._elsewhere.overlay([_overlay(settings, Path.cwd())])
        for path, configuration in self._configurations.items():
            configuration.overlay([_overlay(per_folder.get(path, settings), path)])

    def reload(self, path: Path | None = None) -> None:
        """A configuration file (None: any) was made, changed or deleted."""
        for configuration in (self._elsewhere, *self._configurations.values()):
            configuration.invalidate(path)

    def effective(self, path: Path | None) -> Effective:
        """All that holds for a file; one that is not on the disk counts as lying in the first folder."""
        if path is None:
            root = next(iter(self._configurations), Path.cwd())
            return self._configurations.get(root, self._elsewhere).for_directory(root)
        inside = [folder for folder in self._configurations if path.is_relative_to(folder)]
        nearest = max(inside, key=lambda folder: len(folder.parts), default=None)
        configuration = self._configurations[nearest] if nearest else self._elsewhere
        return configuration.for_file(path)

    def profile(self, path: Path | None, *, notebook: bool = False) -> Profile:
        """What is looked for in a file."""
        effective = self.effective(path)
        if path is not None and effective.settings.excludes(str(path)):
            return NOTHING
        return profile_for(path or Path(effective.settings.root) / "untitled.py", effective, notebook=notebook)

    def _configuration(self, root: Path) -> Configuration:
        return Configuration(known_rules(), sys.version_info[:2], root, [_overlay(self.settings, root)])


NOTHING = Profile(frozenset())
"""For files that are left out; of these not even syntax errors are shown."""


def _overlay(settings: Mapping[str, Any], root: Path) -> Overlay:
    shared = {key: value for key, value in settings.items() if key not in OWN_SETTINGS}
    return Overlay(shared, "client setting", root)
