"""From the PATHs of the command line to the files, with what is wrong with them or their configuration said."""

import sys
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from chatbt.cli.options.refusal import RefusalError
from chatbt.cli.output.say import warn
from chatbt.workspace.configuration import Configuration
from chatbt.workspace.discover import discover
from chatbt.workspace.origins import Message
from chatbt.workspace.settings import Settings

STDIN = "-"


class Found(NamedTuple):
    """The files to work on; `failed` says that some path led nowhere."""

    files: tuple[Path, ...]
    failed: bool


def find(options: Namespace, configuration: Configuration) -> Found:
    """The files below the PATHs. Complains on stderr about what cannot be read and what is wrong with a setting."""

    def settings_for(folder: Path) -> Settings:
        return configuration.for_directory(folder).settings

    found = discover([Path(path) for path in options.paths or ["."]], settings_for)
    complain(found.messages)
    folders = dict.fromkeys(path.parent for path in found.files) or {Path.cwd(): None}
    complain_of_settings(configuration, folders)
    if not found.files and not found.messages and not options.quiet:
        warn("no Python files found under the given path(s)")
    return Found(found.files, bool(found.messages))


def complain_of_settings(configuration: Configuration, folders: Iterable[Path]) -> None:
    """Say what is wrong with the configuration of these folders."""
    complain(message for folder in folders for message in configuration.for_directory(folder).messages)


def complain(messages: Iterable[Message]) -> None:
    for text in dict.fromkeys(map(str, messages)):
        warn(text)


def stdin_path(options: Namespace) -> Path | None:
    """What the text on stdin is called, if that is what is asked for."""
    if STDIN not in options.paths:
        return None
    if len(options.paths) > 1:
        raise RefusalError("- (stdin) stands alone, without other paths")
    return Path.cwd() / (options.stdin_filename or "stdin.py")


def read_stdin() -> bytes:
    return sys.stdin.buffer.read()


def shown_path(path: str) -> str:
    """A path relative to the current folder where it lies below it."""
    here = f"{Path.cwd()}".rstrip("/\\")
    below = path.removeprefix(here)
    return below[1:] if below != path and below[:1] in ("/", "\\") else path


def plural(count: int, what: str) -> str:
    """A count and what is counted: 1 finding, 2 findings."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
