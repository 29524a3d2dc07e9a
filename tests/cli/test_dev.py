"""`chatbt dev`, in a copy of the checkout."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import chatbt as package
from chatbt.cli.pages.skeleton import free_id
from chatbt.specialists.registry import patterns

CHECKOUT = Path(package.__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what `chatbt dev` works on."""
    for part in ("server/chatbt", "server/docs", "tests/specialists"):
        leave_out = shutil.ignore_patterns("__pycache__", "docs" if part == "server/chatbt" else "")
        shutil.copytree(CHECKOUT / part, tmp_path / part, ignore=leave_out)
    return tmp_path


def dev(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(checkout / "server")}
    command = [sys.executable, "-m", "chatbt", "dev", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment, cwd=checkout)


def test_the_pages_are_generated_and_then_fresh(checkout: Path) -> None:
    assert dev(checkout, "generate").returncode == 0
    assert dev(checkout, "generate", "--check").returncode == 0
    assert (checkout / "server/docs/index.md").is_file()


def test_stale_surplus_and_missing_pages_are_named(checkout: Path) -> None:
    dev(checkout, "generate")
    page = checkout / "server/docs/critic/mutable-default-argument.md"
    page.write_text("old", encoding="utf-8")
    (checkout / "server/docs/critic/gone.md").touch()
    (checkout / "server/docs/settings.md").unlink()
    done = dev(checkout, "generate", "--check")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "chatbt: server/docs/critic/mutable-default-argument.md is stale",
        "chatbt: server/docs/settings.md is stale",
        "chatbt: server/docs/critic/gone.md is of no pattern",
        "chatbt: run `chatbt dev generate`",
    ]
    assert page.read_text(encoding="utf-8") == "old"
    assert dev(checkout, "generate").returncode == 0
    assert not (checkout / "server/docs/critic/gone.md").exists()


def test_a_new_pattern_passes_the_tests_of_patterns(checkout: Path) -> None:
    done = dev(checkout, "new-pattern", "replace-me-please")
    number = free_id("critic")
    assert done.stdout.splitlines() == [
        "wrote server/chatbt/specialists/critic/replace_me_please.py",
        "wrote tests/specialists/critic/replace_me_please.md",
    ]
    shutil.copy(CHECKOUT / "pyproject.toml", checkout)
    environment = {**os.environ, "PYTHONPATH": str(checkout / "server")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/specialists/test_cases.py"]
    ran = subprocess.run(
        [*command, "-k", number], check=False, capture_output=True, text=True, env=environment, cwd=checkout
    )
    assert "4 passed" in ran.stdout, ran.stdout


@pytest.mark.parametrize("name", ["Capital-letters", "oneword", "with_underscore", "mutable-default-argument"])
def test_a_name_that_cannot_be_taken_is_refused(checkout: Path, name: str) -> None:
    done = dev(checkout, "new-pattern", name)
    assert done.returncode == 2
    assert name in done.stderr


def test_ids_go_on_from_the_last() -> None:
    last = max(int(one[2:]) for one in patterns() if one.startswith("CC"))
    assert free_id("critic") == f"CC{last + 1:03}"
