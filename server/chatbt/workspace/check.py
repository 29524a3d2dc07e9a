"""Whole projects: the findings of every file below some paths."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from chatbt.workspace.check_result import Result
from chatbt.workspace.configuration import Configuration


def check(files: Sequence[Path], configuration: Configuration, *, fixes: bool) -> Iterator[Result]:
    """The result of each file, in no certain order."""
    from chatbt.workspace.check_file import check_file
    from chatbt.workspace.profiles import profile_for

    for path in files:
        yield check_file(str(path), profile_for(path, configuration.for_file(path)), fixes=fixes)
