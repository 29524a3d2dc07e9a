"""One line for each finding."""

from collections.abc import Sequence
from typing import TextIO

from chatbt.cli.options.files import shown_path
from chatbt.cli.output.colour import style
from chatbt.cli.output.terminal import visible
from chatbt.workspace.check_result import Record, Result


def concise(results: Sequence[Result], out: TextIO) -> None:
    paint = style(out)
    for result in results:
        path = paint(shown_path(result.path), "bold")
        for one in result.records:
            code = paint(one.code, "bold red")
            out.write(f"{path}:{cell_of(one)}{one.row}:{one.column}: {code} {visible(one.message)}\n")


def cell_of(one: Record) -> str:
    """The cell of a notebook, as a part of a place; empty elsewhere."""
    return "" if one.cell is None else f"cell {one.cell}:"
