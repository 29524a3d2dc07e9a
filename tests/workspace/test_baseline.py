"""The baseline: findings are known wherever they have moved."""

from pathlib import Path

import orjson
import pytest

from chatbt.analysis.scopes import FileFacts
from chatbt.workspace.baseline import Baseline, BaselineError, Stale, write_baseline
from chatbt.workspace.check_file import check_text
from chatbt.workspace.check_result import Record, Result
from chatbt.workspace.profile import Profile

PROFILE = Profile(frozenset({"CC001", "CC012"}), FileFacts((3, 11)))
METHOD = 'class {name}:\n    def greet(self):\n        return f"plain"\n'


def found(text: str) -> tuple[Record, ...]:
    return check_text("a.py", text, PROFILE, fixes=False)


def baseline_of(folder: Path, text: str) -> Baseline:
    """A baseline that knows what is in a file."""
    file = folder / "known.json"
    write_baseline(file, [Result(str(folder / "a.py"), found(text))])
    return Baseline(file)


def left(folder: Path, before: str, after: str) -> int:
    """How many findings a baseline of one text leaves of another."""
    return len(baseline_of(folder, before).without_known(str(folder / "a.py"), found(after)))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (METHOD, METHOD, 0),
        (METHOD, "import os\n\n\n" + METHOD, 0),
        (METHOD, METHOD.replace("        return", "        if self:\n            return"), 0),
        (METHOD, METHOD.replace("plain", "other"), 1),
        (METHOD, METHOD.replace("greet", "part"), 1),
        (METHOD, METHOD.replace("{name}", "Other"), 1),
        (METHOD, METHOD + "x = 1\n" + METHOD.replace("{name}", "Other"), 1),
    ],
)
def test_a_finding_is_known_by_rule_text_and_symbol(tmp_path: Path, before: str, after: str, expected: int) -> None:
    before, after = (text.replace("{name}", "Some") for text in (before, after))
    assert left(tmp_path, before, after) == expected


def test_findings_that_are_alike_are_counted(tmp_path: Path) -> None:
    line = 'print(f"plain")\n'
    assert left(tmp_path, line * 2, line * 3) == 1


def test_what_is_no_more_is_stale(tmp_path: Path) -> None:
    baseline = baseline_of(tmp_path, 'print(f"plain")\n' * 3)
    (tmp_path / "a.py").touch()
    assert list(baseline.stale()) == []  # it was not looked at
    baseline.without_known(str(tmp_path / "a.py"), found('print(f"plain")\n'))
    assert list(baseline.stale()) == [Stale(str(tmp_path / "a.py"), "CC012", 2)]


def test_a_file_that_is_no_more_is_stale(tmp_path: Path) -> None:
    assert [one.findings for one in baseline_of(tmp_path, 'print(f"plain")\n').stale()] == [1]


def test_the_file_is_sorted_and_relative_to_itself(tmp_path: Path) -> None:
    baseline_of(tmp_path, METHOD)
    held = orjson.loads((tmp_path / "known.json").read_bytes())
    assert list(held["files"]) == ["a.py"]
    assert (tmp_path / "known.json").read_bytes().endswith(b"}\n")


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"version": 1, "files": []}', b'{"version": 1, "files": {"a": 1}}']
)
def test_what_is_no_baseline_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "known.json"
    file.write_bytes(content)
    if content.endswith(b"[]}"):
        assert list(Baseline(file).stale()) == []
        return
    with pytest.raises(BaselineError, match="is no baseline of ChatBT"):
        Baseline(file)


def test_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "known.json").write_bytes(b'{"version": 7, "files": {}}')
    with pytest.raises(BaselineError, match="is of version 7; this ChatBT reads version 1"):
        Baseline(tmp_path / "known.json")
