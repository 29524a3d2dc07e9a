"""JSON, with ruff's names for the fields."""

from collections.abc import Iterator, Sequence
from typing import TextIO

import orjson

from chatbt.workspace.check_result import PlainFix, Record, Result


def json(results: Sequence[Result], out: TextIO) -> None:
    out.write(orjson.dumps(list(_objects(results)), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode())
    out.write("\n")


def json_lines(results: Sequence[Result], out: TextIO) -> None:
    out.writelines(orjson.dumps(one, option=orjson.OPT_SORT_KEYS).decode() + "\n" for one in _objects(results))


def _objects(results: Sequence[Result]) -> Iterator[dict[str, object]]:
    for result in results:
        # A path that is not UTF-8 is shown as well as can be.
        path = result.path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        for one in result.records:
            yield _object(path, one)


def _object(path: str, one: Record) -> dict[str, object]:
    return {
        "cell": one.cell,
        "code": one.code,
        "end_location": _place(one.end_row, one.end_column),
        "filename": path,
        "fix": one.fix and _fix(one.fix),
        "location": _place(one.row, one.column),
        "message": one.message,
        "name": one.name,
        "noqa_row": one.row,
        "severity": one.severity,
        "url": None,
    }


def _fix(fix: PlainFix) -> dict[str, object]:
    edits = [
        {
            "content": edit.content,
            "end_location": _place(edit.end_row, edit.end_column),
            "location": _place(edit.row, edit.column),
        }
        for edit in fix.edits
    ]
    return {"applicability": fix.applicability, "edits": edits, "message": fix.message}


def _place(row: int, column: int) -> dict[str, int]:
    return {"column": column, "row": row}
