"""What .gitignore files and .git/info/exclude leave out, from the repository's root down."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from chatbt.workspace.globs import slashed

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Ignores(NamedTuple):
    """The patterns of one folder, and of the folders above it."""

    folder: str
    """Absolute, slashed, with a slash at its end."""
    specs: tuple["GitIgnoreSpec", ...]
    above: "Ignores | None"

    def ignores(self, path: str, *, folder: bool) -> bool:
        """Whether git leaves out this absolute path, given that it does not leave out the folder it is in."""
        level: Ignores | None = self
        while level is not None:
            relative = path[len(level.folder) :] + "/" * folder
            # The last pattern that matches decides, and the nearest file comes last.
            for spec in reversed(level.specs):
                verdict = spec.check_file(relative).include
                if verdict is not None:
                    return verdict
            level = level.above
        return False


def repository(directory: Path) -> Path | None:
    """The root of the git repository that holds the directory, or None."""
    return next((folder for folder in (directory, *directory.parents) if (folder / ".git").exists()), None)


def ignores_above(directory: Path) -> Ignores | None:
    """The patterns that reach into the directory from above, up to the root of its repository."""
    root = repository(directory)
    if root is None or root == directory:
        return None
    ignores = None
    for folder in reversed([folder for folder in directory.parents if folder.is_relative_to(root)]):
        names = [name for name in (".gitignore", ".git") if (folder / name).exists()]
        ignores = ignores_in(str(folder), names, ignores)
    return ignores


def ignores_in(folder: str, names: Collection[str], above: Ignores | None) -> Ignores | None:
    """The patterns that hold in a folder with entries of these names."""
    specs = []
    if ".git" in names:
        specs.append(_spec(Path(folder, ".git", "info", "exclude")))
    if ".gitignore" in names:
        specs.append(_spec(Path(folder, ".gitignore")))
    found = tuple(spec for spec in specs if spec is not None)
    return Ignores(slashed(folder).rstrip("/") + "/", found, above) if found else above


def _spec(path: Path) -> "GitIgnoreSpec | None":
    try:
        text = path.read_text("utf-8", "replace")
    except OSError:
        return None
    patterns = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not patterns:
        return None
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(patterns)
    except (ValueError, re.error):  # git passes over a pattern that it cannot read
        return GitIgnoreSpec.from_lines(filter(_is_pattern, patterns))


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True
