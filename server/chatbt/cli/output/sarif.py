"""SARIF 2.1.0."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

import orjson

import chatbt
from chatbt.workspace.check_result import PlainFix, Record, Result

_LEVELS = {"error": "error", "warning": "warning", "information": "note", "hint": "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(results: Sequence[Result], out: TextIO) -> None:
    found = [_result(one, Path(result.path).as_uri()) for result in results for one in result.records]
    driver = {
        "name": "chatbt",
        "version": chatbt.__version__,
        "rules": _rules({one.code for result in results for one in result.records}),
    }
    # Columns are code points, which SARIF must be told.
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": found}
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    out.write(orjson.dumps(log, option=orjson.OPT_INDENT_2).decode() + "\n")


def _result(one: Record, uri: str) -> dict[str, object]:
    where = {"artifactLocation": {"uri": uri}}
    return {
        "ruleId": one.code,
        "level": _LEVELS[one.severity],
        "message": {"text": one.message},
        "locations": [{"physicalLocation": {**where, "region": _region(one[4:8])}}],
        "partialFingerprints": {"chatbt/v1": one.fingerprint},
        "relatedLocations": [_related(*place, where) for place in one.related],
        **({"fixes": [_fix(one.fix, where)]} if one.fix else {}),
    }


def _related(row: int, column: int, text: str, where: dict[str, dict[str, str]]) -> dict[str, object]:
    region = {"startLine": row, "startColumn": column}
    return {"physicalLocation": {**where, "region": region}, "message": {"text": text}}


def _fix(fix: PlainFix, where: dict[str, dict[str, str]]) -> dict[str, object]:
    replacements = [
        {"deletedRegion": _region(edit[:4]), "insertedContent": {"text": edit.content}} for edit in fix.edits
    ]
    return {"description": {"text": fix.message}, "artifactChanges": [{**where, "replacements": replacements}]}


def _region(place: Iterable[object]) -> dict[str, object]:
    return dict(zip(("startLine", "startColumn", "endLine", "endColumn"), place, strict=True))


def _rules(codes: set[str]) -> list[dict[str, object]]:
    """What the log says of the rules that it names."""
    from chatbt.cli.pages.rule import text_of
    from chatbt.specialists.cards import card_of
    from chatbt.specialists.registry import patterns

    return [
        {
            "id": one.id,
            "name": one.name,
            "shortDescription": {"text": card_of(one).title},
            "fullDescription": {"text": card_of(one).what},
            "help": {"text": card_of(one).why, "markdown": text_of(one)},
            "defaultConfiguration": {"level": _LEVELS[one.severity.value]},
            "properties": {"kind": one.group, "name": one.name},
        }
        for one in patterns().values()
        if one.id in codes
    ]
