"""The formats that programs read; ruff's names, where ruff has them."""

import io
import json
import subprocess
import sysconfig
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from chatbt.cli.output import FORMATS, writer
from chatbt.workspace.check_result import PlainEdit, PlainFix, Record, Result

FIX = PlainFix("safe", "Remove it", (PlainEdit(1, 3, 1, 4, ""),))
FIRST = Record("CC001", "a-rule", 'it is "so" & <so>', "warning", 1, 3, 2, 5, True, "aa", ((4, 1, "here"),), FIX)
SECOND = Record("invalid-syntax", "invalid-syntax", "oh 100%\nno", "error", 3, 1, 3, 2, True, "bb")
RESULTS = [Result("/project/a, b.py", (FIRST, SECOND, SECOND)), Result("/project/clean.py")]


def written(name: str, results: list[Result] = RESULTS) -> str:
    out = io.StringIO()
    writer(name)(results, out)
    return out.getvalue()


def ruffs(tmp_path: Path, name: str) -> Any:
    """What ruff writes of a file that has a finding with a fix."""
    ruff = Path(sysconfig.get_path("scripts")) / "ruff"
    path = tmp_path / "a.py"
    path.write_text("x = f'a'\n", encoding="utf-8")
    command: list[str | Path] = [ruff, "check", "--isolated", "--no-cache", "--output-format", name, path]
    return json.loads(subprocess.run(command, check=False, capture_output=True, text=True).stdout)


def shape(value: Any) -> Any:
    """The keys of an object and of what is in it."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    return [shape(one) for one in value[:1]] if isinstance(value, list) else type(value).__name__


def test_json_has_the_shape_of_ruffs(tmp_path: Path) -> None:
    ours, theirs = json.loads(written("json"))[0], ruffs(tmp_path, "json")[0]
    assert shape({**ours, "url": None}) == shape({**theirs, "url": None})


def test_json_says_where_and_how_to_fix() -> None:
    first, second, _ = json.loads(written("json"))
    assert first["location"] == {"row": 1, "column": 3}
    assert first["end_location"] == {"row": 2, "column": 5}
    assert first["fix"] == {
        "applicability": "safe",
        "message": "Remove it",
        "edits": [{"content": "", "location": {"row": 1, "column": 3}, "end_location": {"row": 1, "column": 4}}],
    }
    assert (second["code"], second["fix"], second["filename"]) == ("invalid-syntax", None, "/project/a, b.py")


def test_json_lines_are_the_elements_of_json() -> None:
    assert [json.loads(line) for line in written("json-lines").splitlines()] == json.loads(written("json"))


def test_gitlab_has_the_shape_of_ruffs_and_fingerprints_of_their_own(tmp_path: Path) -> None:
    ours = json.loads(written("gitlab"))
    assert shape(ours) == shape(ruffs(tmp_path, "gitlab"))
    assert len({one["fingerprint"] for one in ours}) == 3


def test_github_escapes_what_its_commands_read() -> None:
    first, second, _ = written("github").splitlines()
    head = "title=chatbt (CC001),file=/project/a%2C b.py,line=1,col=3,endLine=2,endColumn=5"
    assert first == f'::warning {head}::/project/a, b.py:1:3: CC001 it is "so" & <so>'
    assert second.startswith("::error ")
    assert second.endswith("oh 100%25%0Ano")


def test_junit_is_xml_with_a_failure_for_each_finding() -> None:
    root = ET.fromstring(written("junit"))
    assert root.attrib == {"name": "chatbt", "tests": "3", "skipped": "0", "failures": "3", "errors": "0"}
    failures = root.findall("testsuite/testcase/failure")
    assert [one.attrib["message"] for one in failures] == ['it is "so" & <so>', "oh 100%\nno", "oh 100%\nno"]


def test_junit_without_findings_has_a_test_that_passes() -> None:
    root = ET.fromstring(written("junit", [Result("/project/clean.py")]))
    assert root.attrib["failures"] == "0"
    assert len(root.findall("testsuite/testcase")) == 1


def test_junit_leaves_out_what_xml_does_not_know() -> None:
    odd = Result("/a.py", (FIRST._replace(message="\x00\x1b"),))
    ET.fromstring(written("junit", [odd]))


def test_sarif_names_rules_places_and_fixes() -> None:
    log = json.loads(written("sarif"))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["CC001"]
    first = run["results"][0]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "file:///project/a%2C%20b.py"
    assert place["region"] == {"startLine": 1, "startColumn": 3, "endLine": 2, "endColumn": 5}
    (change,) = first["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"] == {"text": ""}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_nothing_wrong_of_nothing(name: str) -> None:
    text = written(name, [])
    if name in ("json", "sarif", "gitlab"):
        json.loads(text)


def test_a_cell_of_a_notebook_is_named() -> None:
    result = Result("/a.ipynb", (FIRST._replace(cell=4),))
    assert written("concise", [result]).startswith("/a.ipynb:cell 4:1:3: CC001")
    assert json.loads(written("json", [result]))[0]["cell"] == 4


def test_colours_are_for_terminals() -> None:
    assert "\033" not in written("concise")
    assert "\033" not in written("full")
