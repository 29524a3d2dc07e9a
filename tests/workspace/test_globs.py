"""Globs match what ruff matches: the same tree, the same pattern, the files that each leaves."""

import subprocess
import sys
from pathlib import Path

import pytest

from chatbt.workspace.globs import Glob, matcher, matches_below, translate

TREE = (
    "a.py",
    "ab.py",
    "b.py",
    "src/a.py",
    "src/test_a.py",
    "src/deep/er/a.py",
    "test_b/c.py",
    "tests/a.py",
    "tests/data/b.py",
    "x[1]/a.py",
    "-/a.py",
)

PATTERNS = (
    "a.py", "src", "src/", "./src", "src/*", "src/a.py", "src/**", "**/a.py", "src/**/a.py", "*/a.py", "te*",
    "test_*.py", "?.py", "[ab].py", "[!a].py", "[a-b]*.py", "{a,b}.py", "{src,tests}/**",
    "{tests/{data,x},src/deep}", "**", "*", "**/data/*", "deep", "src/deep", "tests/*.py", "**b.py", "x[[]1[]]",
    "x\\[1\\]", "[]x-].py", "nowhere/**", "a,b", "src/deep/**/er", "[-]", "-",
)  # fmt: skip


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    for name in TREE:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


def excluded_by_ruff(root: Path, pattern: str) -> set[str]:
    (root / "ruff.toml").write_text(f"exclude = ['{pattern}']\n")
    command = [sys.executable, "-m", "ruff", "check", "--show-files", "."]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return set(TREE) - {line.removeprefix(f"{root}/") for line in run.stdout.splitlines()}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_excludes_what_ruff_excludes(tree: Path, pattern: str) -> None:
    globs = (Glob(pattern, str(tree)),)

    excluded = {name for name in TREE if matches_below(globs, str(tree / name), str(tree))}

    assert excluded == excluded_by_ruff(tree, pattern)


def test_a_folder_above_the_root_is_not_asked(tmp_path: Path) -> None:
    root = tmp_path / "build" / "project"

    assert not matches_below((Glob("build", str(root)),), str(root / "a.py"), str(root))


def test_a_pattern_may_lead_out_of_its_folder() -> None:
    matches = matcher((Glob("../tests/*.py", "/project/server"),))

    assert matches("/project/tests/a.py")
    assert not matches("/project/server/tests/a.py")


def test_special_characters_of_the_root_mean_themselves() -> None:
    assert matcher((Glob("a/*.py", "/x[1]{y}"),))("/x[1]{y}/a/b.py")


def test_an_absolute_pattern_stands_alone() -> None:
    assert matcher((Glob("/elsewhere/*.py", "/project"),))("/elsewhere/a.py")


@pytest.mark.parametrize("pattern", ["[", "[!", "[]", "a[b", "{a,b", "{a,{b}", "[z-a]"])
def test_a_pattern_that_is_none_says_why(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"not closed|bad character range"):
        translate(pattern)
