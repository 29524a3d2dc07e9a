"""One line for each finding."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from chatbt.cli.output.colour import style
from chatbt.workspace.check_result import Result


def concise(results: Sequence[Result], out: TextIO) -> None:
    paint = style(out)
    for result in results:
        path = paint(relative(result.path), "bold")
        for one in result.records:
            code = paint(one.code, "bold red")
            out.write(f"{path}:{one.row}:{one.column}: {code} {one.message}\n")


def relative(path: str) -> str:
    """A path as it is shown: relative to the current folder where it lies below it."""
    return path.removeprefix(f"{Path.cwd()}".rstrip(os.sep) + os.sep)
