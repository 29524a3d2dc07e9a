"""A notebook as one Python text: its code cells one after the other, what only IPython reads taken out."""

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from chatbt.source.chunks import parse_source
from chatbt.source.document import split_lines

# Cell magics whose cell is Python nevertheless.
_PYTHON_MAGICS = frozenset({"capture", "debug", "prun", "pypy", "python", "python3", "time", "timeit"})
_CELL_MAGIC = re.compile(r"%%(\w+)")
_LINE = re.compile(r"(\s*)(?:[%!?]|[\w.\[\]]+\?\??\s*$|\w+\s*=\s*[%!])")


class NotebookError(Exception):
    """Why a text is no notebook with Python in it."""


@dataclass(frozen=True, slots=True)
class Notebook:
    """`text` holds the Python of the code cells; `rows` and `numbers` say at which row (from 1) which cell starts."""

    text: str
    rows: Sequence[int]
    numbers: Sequence[int]

    def place(self, row: int) -> tuple[int, int]:
        """The cell, counted from 1 over cells of every kind, and the row in it, of a row of the text."""
        index = max(bisect_right(self.rows, row) - 1, 0)
        return (self.numbers[index], row - self.rows[index] + 1) if self.numbers else (1, row)


def read_notebook(content: str) -> Notebook:
    """The Python of a notebook file. NotebookError if it is none, or none of Python's."""
    try:
        held = json.loads(content)
        language = held.get("metadata", {}).get("language_info", {}).get("name", "python")
        sources = [
            (number, "".join(cell["source"]))
            for number, cell in enumerate(held["cells"], 1)
            if cell["cell_type"] == "code"
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotebookError("it is no notebook of format 4") from error
    if language not in ("python", "ipython"):
        sources = []
    cells = [python_of(text) + "\n" for _, text in sources]
    heights = [len(split_lines(cell)) for cell in cells]
    rows = list(accumulate(heights[:-1], initial=1)) if heights else []
    return Notebook("".join(cells), rows, [number for number, _ in sources])


def python_of(cell: str) -> str:
    """A cell as Python, each line in its place: one of IPython becomes `pass`, a cell of another language nothing."""
    if _is_python(cell):
        return cell  # a line may begin with an operator
    lines = split_lines(cell)
    magic = next((match for line in lines if (match := _CELL_MAGIC.match(line))), None)
    if magic and magic[1] not in _PYTHON_MAGICS:
        return "\n" * (len(lines) - 1)
    return "".join(map(_python_of_line, lines))


def _is_python(text: str) -> bool:
    try:
        parse_source(text)
    except SyntaxError:
        return False
    return True


def _python_of_line(line: str) -> str:
    match = _LINE.match(line)
    if match is None:
        return line
    return match[1] + "pass" + line[len(line.rstrip("\r\n")) :]
