"""The formats of services that show findings beside code: GitHub, GitLab, and whatever reads JUnit's XML."""

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TextIO

import orjson

from chatbt.cli.options.files import shown_path
from chatbt.workspace.check_result import Record, Result

_GITHUB = {"error": "error", "warning": "warning", "information": "notice", "hint": "notice"}
_GITLAB = {"error": "critical", "warning": "major", "information": "minor", "hint": "info"}


def github(results: Sequence[Result], out: TextIO) -> None:
    """Workflow commands, which GitHub turns into annotations."""
    for result in results:
        for one in result.records:
            place = f"line={one.row},col={one.column},endLine={one.end_row},endColumn={one.end_column}"
            head = f"title=chatbt ({one.code}),file={_property(result.path)},{place}"
            text = f"{shown_path(result.path)}:{one.row}:{one.column}: {one.code} {one.message}"
            out.write(f"::{_GITHUB[one.severity]} {head}::{_data(text)}\n")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def gitlab(results: Sequence[Result], out: TextIO) -> None:
    """A Code Quality report."""
    found = []
    for result in results:
        path = Path(shown_path(result.path)).as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        met: Counter[str] = Counter()
        for one in result.records:
            # Findings that are alike have different fingerprints, or GitLab would show one of them.
            met[one.fingerprint] += 1
            words = f"{path}\0{one.fingerprint}\0{met[one.fingerprint]}"
            found.append(
                {
                    "check_name": one.code,
                    "description": f"{one.code}: {one.message}",
                    "severity": _GITLAB[one.severity],
                    "fingerprint": blake2b(words.encode(), digest_size=8).hexdigest(),
                    "location": {
                        "path": path,
                        "positions": {
                            "begin": {"line": one.row, "column": one.column},
                            "end": {"line": one.end_row, "column": one.end_column},
                        },
                    },
                }
            )
    out.write(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode() + "\n")


def junit(results: Sequence[Result], out: TextIO) -> None:
    """JUnit's XML: a suite for each file with findings, a failure for each finding."""
    count = sum(len(result.records) for result in results)
    counts = f'tests="{max(count, 1)}" skipped="0" failures="{count}" errors="0"'
    out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="chatbt" {counts}>\n')
    for result in results:
        if result.records:
            many = len(result.records)
            head = f'name={_quoted(result.path)} tests="{many}" skipped="0" errors="0" failures="{many}"'
            out.write(f'    <testsuite {head} package="chatbt">\n')
            stem = result.path.rpartition(".")[0]
            out.writelines(_case(one, stem) for one in result.records)
            out.write("    </testsuite>\n")
    if not count:
        out.write('    <testsuite name="chatbt" tests="1" skipped="0" errors="0" failures="0" package="chatbt">\n')
        out.write('        <testcase name="No findings" classname="chatbt"/>\n    </testsuite>\n')
    out.write("</testsuites>\n")


def _case(one: Record, stem: str) -> str:
    place = f'line="{one.row}" column="{one.column}"'
    text = f"line {one.row}, col {one.column}, {one.message}"
    return (
        f'        <testcase name="chatbt.{one.code}" classname={_quoted(stem)} {place}>\n'
        f"            <failure message={_quoted(one.message)}>{_escaped(text)}</failure>\n"
        "        </testcase>\n"
    )


def _escaped(text: str) -> str:
    """Text as XML has it; characters that XML does not know become U+FFFD."""
    from xml.sax.saxutils import escape

    plain = text.encode("utf-8", "replace").decode()
    return escape("".join(one if one in "\t\n" or one >= " " else "\ufffd" for one in plain))


def _quoted(text: str) -> str:
    escaped = _escaped(text).replace('"', "&quot;").replace("\n", "&#10;")
    return f'"{escaped}"'
