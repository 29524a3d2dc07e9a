"""The files that are found; where git or ruff would find them too, the same."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbt.workspace.configuration import Configuration
from chatbt.workspace.discover import Discovered, discover
from chatbt.workspace.settings import Settings
from tests.workspace.rules import RULES

pytestmark = pytest.mark.usefixtures("project")


def touch(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout


def found(*paths: str) -> Discovered:
    configuration = Configuration(RULES, (3, 12), Path.cwd())
    return discover(map(Path, paths or (".",)), lambda folder: configuration.for_directory(folder).settings)


def names(*paths: str) -> list[str]:
    return [os.path.relpath(file) for file in found(*paths).files]


def test_python_files_are_found_sorted() -> None:
    touch("b.py", "a.pyi", "c.pyw", "deep/er/d.ipynb", "e.txt", "f.pyc", "py", "deep/g.py/h.py")

    assert names() == ["a.pyi", "b.py", "c.pyw", "deep/er/d.ipynb", "deep/g.py/h.py"]


def test_a_file_that_is_named_is_taken_whatever_it_is() -> None:
    touch("script", "data/a.py", ".venv/b.py")
    Path("chatbt.toml").write_text('exclude = ["data"]\n')

    assert names("script", "data/a.py", ".venv/b.py") == [".venv/b.py", "data/a.py", "script"]


def test_a_file_that_is_named_twice_is_found_once() -> None:
    touch("a/b.py")

    assert names("a", "a/b.py", "./a/../a/b.py") == ["a/b.py"]


def test_excluded_files_and_folders_are_left_out() -> None:
    touch("a.py", "gen/b.py", "deep/gen/c.py", "deep/made_d.py", ".venv/e.py", "node_modules/f.py")
    Path("chatbt.toml").write_text('extend-exclude = ["gen", "deep/made_*.py"]\n')

    assert names() == ["a.py"]


def test_each_folder_is_excluded_by_the_file_that_governs_it() -> None:
    touch("a/gen/b.py", "c/gen/d.py")
    Path("a/chatbt.toml").write_text('exclude = ["gen"]\n')

    assert names() == ["c/gen/d.py"]


def test_force_exclude_leaves_out_what_is_named() -> None:
    touch("data/a.py", "b.py")
    Path("chatbt.toml").write_text('exclude = ["data"]\nforce-exclude = true\n')

    assert names("data", "data/a.py", "b.py") == ["b.py"]


def test_a_path_that_is_not_there_is_said() -> None:
    touch("a.py")
    discovered = found("a.py", "nowhere.py")

    assert [str(message) for message in discovered.messages] == ["nowhere.py: no such file or folder."]
    assert [file.name for file in discovered.files] == ["a.py"]


def test_a_name_that_the_system_refuses_is_said() -> None:
    assert "cannot be read (File name too long)." in str(found("a" * 5000).messages[0])


class TestGitignore:
    FILES = (
        "a.py", "b.py", "build/c.py", "src/build/d.py", "src/e.py", "src/keep.py", "src/deep/f.py", "logs/g.py",
        "logs/keep.py", "only/here.py", "src/only/here.py", "x y.py", "#h.py", "!i.py", "src/made/j.py", "local.py",
    )  # fmt: skip

    @pytest.mark.parametrize(
        "ignores",
        [
            {".gitignore": "b.py\n"},
            {".gitignore": "build/\n"},
            {".gitignore": "/build\n"},
            {".gitignore": "build\n!src/build\n"},
            {".gitignore": "*.py\n!keep.py\n"},
            {".gitignore": "logs/*\n!logs/keep.py\n"},
            {".gitignore": "logs/\n!logs/keep.py\n"},  # nothing comes back out of a folder that is left out
            {".gitignore": "*.py\n", "src/.gitignore": "!e.py\n"},
            {".gitignore": "!src/e.py\n", "src/.gitignore": "e.py\n"},
            {"src/.gitignore": "/deep\nonly/\n"},
            {"src/.gitignore": "*\n", "src/deep/.gitignore": "!f.py\n"},
            {".gitignore": "only/here.py\n"},
            {".gitignore": "**/here.py\nsrc/**/f.py\n"},
            {".gitignore": "x\\ y.py\n\\#h.py\n\\!i.py\n"},
            {".gitignore": "# a comment\n\n   \nb.py   \n"},
            {".gitignore": "a.py\r\nb.py\r\n"},
            {".gitignore": "\\\n[z-a].py\n!\nb.py\n"},
            {".git/info/exclude": "local.py\n"},
            {".git/info/exclude": "local.py\n", ".gitignore": "!local.py\n"},
        ],
        ids=lambda ignores: " | ".join(f"{name}: {text!r}" for name, text in ignores.items()),
    )
    def test_the_files_are_those_that_git_leaves(self, ignores: dict[str, str]) -> None:
        git("init", "--quiet")
        Path(".git/info").mkdir(exist_ok=True)
        touch(*self.FILES)
        for name, text in ignores.items():
            Path(name).write_text(text)
        listed = git("ls-files", "--others", "--exclude-standard", "-z").split("\0")

        assert names() == sorted(name for name in listed if name.endswith(".py"))

    def test_the_files_above_count_up_to_the_root_of_the_repository(self, project: Path) -> None:
        (project.parent / ".gitignore").write_text("a.py\n")
        git("init", "--quiet")
        touch("src/deep/a.py", "src/deep/b.py", "src/deep/c.py")
        Path(".gitignore").write_text("b.py\n")
        Path("src/.gitignore").write_text("c.py\n")

        assert names("src/deep") == ["src/deep/a.py"]

    def test_an_ignored_folder_that_is_named_is_searched(self) -> None:
        git("init", "--quiet")
        touch("build/a.py")
        Path(".gitignore").write_text("build/\n")

        assert names() == []
        assert names("build") == ["build/a.py"]

    def test_it_can_be_turned_off(self) -> None:
        touch("a.py")
        Path(".gitignore").write_text("*\n")
        Path("chatbt.toml").write_text("respect-gitignore = false\n")

        assert names() == ["a.py"]

    def test_it_counts_without_a_repository_too(self) -> None:
        touch("a.py", "b.py")
        Path(".gitignore").write_text("a.py\n")

        assert names() == ["b.py"]

    def test_one_that_is_not_utf8_does_no_harm(self) -> None:
        touch("a.py", "b.py")
        Path(".gitignore").write_bytes(b"\xff\xfe\na.py\n")

        assert names() == ["b.py"]

    def test_a_folder_in_its_place_does_no_harm(self) -> None:
        touch("a.py", ".gitignore/b.py")

        assert names() == [".gitignore/b.py", "a.py"]


class TestLinks:
    def test_a_circle_of_links_ends(self) -> None:
        touch("a/b.py")
        Path("a/round").symlink_to(Path.cwd())
        Path("one").symlink_to("two")
        Path("two").symlink_to("one")
        Path("three.py").symlink_to("three.py")

        assert names() == ["a/b.py"]

    def test_a_folder_is_found_by_its_own_path_rather_than_by_a_link(self) -> None:
        touch("real/a.py")
        for number in range(20):  # so that some are read before the folder, in whatever order the system gives them
            Path(f"alias{number}").symlink_to("real")

        assert names() == ["real/a.py"]

    def test_a_link_out_of_the_project_is_followed(self, project: Path) -> None:
        (project.parent / "other").mkdir()
        (project.parent / "other" / "a.py").touch()
        Path("linked").symlink_to(project.parent / "other")

        assert names() == ["linked/a.py"]

    def test_a_link_to_nowhere_is_passed_over(self) -> None:
        Path("a.py").symlink_to("gone.py")

        assert names() == []
        assert not found().messages

    def test_a_link_that_is_named_keeps_its_name(self) -> None:
        touch("real.py")
        Path("alias.py").symlink_to("real.py")

        assert names("alias.py") == ["alias.py"]


def test_a_folder_that_vanishes_meanwhile_is_passed_over(project: Path) -> None:
    touch("a/b.py", "c.py")

    def settings_for(folder: Path) -> Settings:
        shutil.rmtree(project / "a", ignore_errors=True)
        return Settings(str(project))

    discovered = discover([project], settings_for)

    assert discovered.files == (project / "c.py",)
    assert not discovered.messages


@pytest.fixture
def guarded() -> Iterator[Path]:
    """A folder with one in it that may not be read, not even by root: the test becomes nobody for a while."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o755)
        (root / "closed").mkdir()
        (root / "closed" / "a.py").touch()
        (root / "b.py").touch()
        (root / "closed").chmod(0)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)
        try:
            yield root
        finally:
            os.seteuid(user)
            (root / "closed").chmod(0o755)


def test_a_folder_that_may_not_be_read_is_said(guarded: Path) -> None:
    discovered = discover([guarded], lambda _: Settings(str(guarded)))

    assert discovered.files == (guarded / "b.py",)
    assert [str(message) for message in discovered.messages] == [
        f"{guarded / 'closed'}: cannot be read (Permission denied). Its files are left out."
    ]


def test_the_standard_library_is_found_as_ruff_finds_it() -> None:
    library = Path(os.__file__).parent
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--show-files", str(library)]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()

    ours = {str(file) for file in found(str(library)).files if file.suffix != ".pyw"}

    assert ours == {line for line in listed if line.endswith((".py", ".pyi", ".ipynb"))}
