"""Which settings hold for a file: finds the files that govern it, reads each once, and remembers.

In each directory upwards from the file: `.chatbt.toml`, `chatbt.toml`, then a `pyproject.toml` that has
[tool.chatbt]. The nearest one governs alone; what it names in `extend` comes before it, the client's settings
and the command line come after it.
"""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from chatbt.workspace.cascade import Explained, explain, merge, messages
from chatbt.workspace.options import Layer, Locate, read_layer
from chatbt.workspace.origins import Message, Origin, shown
from chatbt.workspace.settings import KnownRules, Settings
from chatbt.workspace.targets import Version, as_target, clamp, clauses, lower_bound
from chatbt.workspace.tomlfile import TomlFile, extended, read_toml

if TYPE_CHECKING:
    from chatbt.workspace.ruffconfig import RuffConfig

OWN_FILES = (".chatbt.toml", "chatbt.toml")
RUFF_FILES = (".ruff.toml", "ruff.toml")
PYPROJECT = "pyproject.toml"
CONFIGURATION_FILES = (*OWN_FILES, *RUFF_FILES, PYPROJECT)
"""The names of the files to watch."""


class Overlay(NamedTuple):
    """Settings that stand over the files. Keys as in the files or in camelCase; None says nothing."""

    values: Mapping[str, object]
    source: str
    """Where they come from, for the user: "client setting", "command line"."""
    root: Path
    """What their globs are relative to."""


class Effective(NamedTuple):
    """All that holds for the files of a directory."""

    settings: Settings
    messages: tuple[Message, ...]
    file: Path | None
    """The file that governs."""
    ruff: "RuffConfig | None"
    """The project's ruff configuration, if it has one."""
    layers: tuple[Layer, ...]
    target_origin: Callable[[], Origin]
    """Where the target version stands if no layer says one."""

    def explain(self) -> list[Explained]:
        """Each setting, its value and where it stands."""
        return list(explain(self.layers, self.settings, self.target_origin()))

    def left_to_ruff(self, path: str, codes: frozenset[str]) -> bool:
        """Whether ruff, as configured here, reports one of these codes in this file and is left to do so."""
        return self.settings.ruff == "defer" and self.ruff is not None and self.ruff.reports(path, codes)


class _Governing(NamedTuple):
    """The files that govern a directory, by what they are asked for."""

    own: Path | None = None
    ruff: Path | None = None
    requires: Path | None = None
    broken: tuple[Path, ...] = ()


class Configuration:
    """The configuration of every file of a workspace. Not for use by several threads at once."""

    def __init__(
        self,
        known: KnownRules,
        interpreter: Version,
        root: Path,
        overlays: Sequence[Overlay] = (),
        *,
        isolated: bool = False,
        file: Path | None = None,
    ) -> None:
        """`root` is the directory of what no file governs; `isolated` reads no configuration file at all.

        `file` (absolute), if given, governs every directory in the place of the file that is found there.
        """
        self._known = known
        self._interpreter = interpreter
        self._root = root
        self._isolated = isolated
        self._file = file
        self._overlays = [_overlaid(overlay, known) for overlay in overlays]
        self._tomls: dict[Path, TomlFile] = {}
        self._last_good: dict[Path, TomlFile] = {}
        self._governing: dict[str, _Governing] = {}
        self._effective: dict[_Governing, Effective] = {}

    def for_file(self, path: Path) -> Effective:
        """What holds for the file at this absolute path."""
        return self.for_directory(path.parent)

    def for_directory(self, directory: Path) -> Effective:
        """What holds for the files in this directory (absolute)."""
        governing = self._governs(directory)
        effective = self._effective.get(governing)
        if effective is None:
            effective = self._effective[governing] = self._merge(governing)
        return effective

    def invalidate(self, path: Path | None = None) -> None:
        """A configuration file was made, changed or deleted; without a path, any may have been."""
        if path is None:
            self._tomls.clear()
        else:
            self._tomls.pop(path, None)
        self._governing.clear()
        self._effective.clear()

    def overlay(self, overlays: Sequence[Overlay]) -> None:
        """Puts these in the place of the overlays there were."""
        self._overlays = [_overlaid(overlay, self._known) for overlay in overlays]
        self._effective.clear()

    def _toml(self, path: Path) -> TomlFile:
        """The file as last read; while it is broken, its last good content together with the problem."""
        file = self._tomls.get(path)
        if file is None:
            file = read_toml(path)
            if file.problem is None:
                self._last_good[path] = file
            elif good := self._last_good.get(path):
                file = TomlFile(path, good.text, good.data, file.problem, file.problem_line)
            self._tomls[path] = file
        return file

    def _governs(self, directory: Path) -> _Governing:
        if self._isolated:
            return _Governing()
        key = str(directory)
        known = self._governing.get(key)
        if known is None:
            above = _Governing(self._file) if directory.parent == directory else self._governs(directory.parent)
            known = self._governing[key] = self._governs_here(directory, above)
        return known

    def _governs_here(self, directory: Path, above: _Governing) -> _Governing:
        here = {name for name in CONFIGURATION_FILES if os.path.lexists(f"{directory}/{name}")}
        if not here:
            return above
        own = self._file or next((directory / name for name in OWN_FILES if name in here), None)
        ruff = next((directory / name for name in RUFF_FILES if name in here), None)
        requires = None
        broken = above.broken
        if PYPROJECT in here:
            pyproject = self._toml(directory / PYPROJECT)
            if pyproject.problem:
                broken = (*broken, pyproject.path)
            if pyproject.table("tool", "chatbt") is not None:
                own = own or pyproject.path
            # One that cannot be read may have had it: ruff would refuse it, and so leave us in doubt.
            unknown = pyproject.problem is not None and not pyproject.data
            if unknown or pyproject.table("tool", "ruff") is not None:
                ruff = ruff or pyproject.path
            if "requires-python" in (pyproject.table("project") or {}):
                requires = pyproject.path
        return _Governing(own or above.own, ruff or above.ruff, requires or above.requires, broken)

    def _merge(self, governing: _Governing) -> Effective:
        said = [self._broken(path) for path in governing.broken]
        files = self._chain(governing.own, said) if governing.own else []
        layers = (*files, *self._overlays)
        target, origin = self._target(governing.requires, said)
        root = governing.own.parent if governing.own else self._root
        settings = merge(layers, self._known, root, target)
        ruff = None
        if governing.ruff:
            from chatbt.workspace.ruffconfig import read_ruff

            ruff = read_ruff(governing.ruff, self._toml)
        said.extend(messages(layers, self._known, settings))
        return Effective(settings, tuple(said), governing.own, ruff, layers, origin)

    def _broken(self, path: Path) -> Message:
        file = self._toml(path)
        consequence = "Using what it said before" if file.data else "Leaving it out"
        return Message(Origin(path, file.problem_line), f"{file.problem}. {consequence}.")

    def _chain(self, path: Path, said: list[Message]) -> list[Layer]:
        """The layers of a file and of those it extends, the base first."""
        layers: list[Layer] = []
        seen = [path]
        while True:
            file = self._toml(path)
            prefix = ("tool", "chatbt") if path.name == PYPROJECT else ()
            if file.problem and path.name != PYPROJECT:
                said.append(self._broken(path))
            values = dict(file.table(*prefix) or {})
            extend = values.pop("extend", None)
            locate = _locator(file, prefix)
            layers.insert(0, read_layer(values, path.parent, self._known, locate))
            if extend is None:
                return layers
            problem, target = self._extended(path, extend, seen)
            if target is None:
                text = f"chatbt.extend is {shown(extend)}; {problem}. Leaving it out."
                said.append(Message(locate("extend", None), text))
                return layers
            seen.append(target)
            path = target

    def _extended(self, path: Path, extend: object, seen: Sequence[Path]) -> tuple[str, Path | None]:
        if not isinstance(extend, str) or "\0" in extend:
            return "the path of a file is expected", None
        target = extended(path, extend)
        if target in seen:
            return "that leads back to where it came from", None
        try:
            found = target.is_file()
        except OSError:  # a name that the system refuses
            found = False
        return ("", target) if found else ("there is no such file", None)

    def _target(self, requires: Path | None, said: list[Message]) -> tuple[Version, Callable[[], Origin]]:
        """The version that the code is for where no setting says so, and where it stands."""
        default = clamp(self._interpreter)
        if requires is None:
            return default, _interpreters
        file = self._toml(requires)
        value = (file.table("project") or {}).get("requires-python")

        def origin() -> Origin:
            return Origin(requires, file.line(("project", "requires-python")))

        if not isinstance(value, str) or clauses(value) is None:
            text = f'project.requires-python is {shown(value)}; a range such as ">=3.11" is expected.'
            said.append(Message(origin(), f"{text} Using {as_target(default)}."))
            return default, _interpreters
        bound = lower_bound(value)
        return (clamp(bound), origin) if bound else (default, _interpreters)


def _interpreters() -> Origin:
    return Origin("the interpreter's")


def _locator(file: TomlFile, prefix: tuple[str, ...]) -> Locate:
    return lambda key, item: Origin(file.path, file.line((*prefix, key), item))


def _overlaid(overlay: Overlay, known: KnownRules) -> Layer:
    values = {
        re.sub("[A-Z]", lambda upper: f"-{upper[0].lower()}", key): value
        for key, value in overlay.values.items()
        if value is not None
    }
    return read_layer(values, overlay.root, known, lambda *_: Origin(overlay.source))
