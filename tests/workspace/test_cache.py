"""The cache: what it believes, and what it does not."""

import os
import time
from pathlib import Path

import platformdirs
import pytest

from chatbt.workspace import cache as cache_module
from chatbt.workspace.cache import Cache, cache_folder, code_digest
from chatbt.workspace.check import check
from chatbt.workspace.check_result import Result
from chatbt.workspace.configuration import Configuration
from chatbt.workspace.profiles import known_rules

PREFIX = 'name = f"plain"\n'
LONG_AGO = 10**18


@pytest.fixture
def path(project: Path) -> Path:
    """A file with one finding that was not changed for long."""
    path = project / "a.py"
    path.write_text(PREFIX)
    os.utime(path, ns=(LONG_AGO, LONG_AGO))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def checked(path: Path, folder: Path, *, fixes: bool = False) -> tuple[Result, bool]:
    """The result of a file, and whether it had to be checked for it."""
    configuration = Configuration(known_rules(), (3, 11), path.parent)
    ahead: list[int] = []
    (result,) = check([path], configuration, Cache(folder), fixes=fixes, ahead=ahead.append)
    return result, ahead != [0]


def test_what_was_checked_is_known_to_the_next(path: Path, folder: Path) -> None:
    first, new = checked(path, folder)
    again, anew = checked(path, folder)
    assert (new, anew) == (True, False)
    assert again.records == first.records
    assert len(again.records) == 1


def test_another_time_with_the_same_content_is_a_hit(path: Path, folder: Path) -> None:
    checked(path, folder)
    os.utime(path, ns=(LONG_AGO, LONG_AGO + 1))
    assert not checked(path, folder)[1]


def test_another_content_of_the_same_size_is_no_hit(path: Path, folder: Path) -> None:
    checked(path, folder)
    path.write_text(PREFIX.replace("f", " "))
    result, anew = checked(path, folder)
    assert anew
    assert result.records == ()


def test_the_time_of_a_file_that_has_just_changed_is_not_believed(path: Path, folder: Path) -> None:
    soon = time.time_ns() + 10**12
    os.utime(path, ns=(soon, soon))
    checked(path, folder)
    path.write_text(PREFIX.replace("f", " "))
    os.utime(path, ns=(soon, soon))
    assert checked(path, folder)[0].records == ()


def test_fixes_are_made_where_the_cache_has_none(path: Path, folder: Path) -> None:
    assert checked(path, folder)[0].records[0].fix is None
    result, anew = checked(path, folder, fixes=True)
    assert anew
    assert result.records[0].fix
    again, anew = checked(path, folder)
    assert not anew
    assert again.records[0].fix == result.records[0].fix


def test_other_settings_are_no_hit(path: Path, folder: Path) -> None:
    checked(path, folder)
    (path.parent / "chatbt.toml").write_text("preview = true\n")
    assert checked(path, folder)[1]


def test_another_ruff_configuration_is_no_hit(path: Path, folder: Path) -> None:
    checked(path, folder)
    (path.parent / "ruff.toml").write_text('lint.select = ["F541"]\n')
    result, anew = checked(path, folder)
    assert anew
    assert not result.records[0].shown


def test_another_chatbt_reads_nothing(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked(path, folder)
    monkeypatch.setattr(cache_module, "code_digest", lambda: "another")
    assert checked(path, folder)[1]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"code": 1}', b"\xff\xfe"])
def test_a_broken_cache_is_an_empty_one(path: Path, folder: Path, content: bytes) -> None:
    checked(path, folder)
    for file in folder.iterdir():
        file.write_bytes(content)
    assert checked(path, folder)[1]
    assert not checked(path, folder)[1]


def test_a_cache_that_cannot_be_written_is_no_error(path: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result, _ = checked(path, tmp_path / "file" / "cache")
    assert len(result.records) == 1


def test_files_that_are_no_more_are_forgotten(path: Path, folder: Path) -> None:
    checked(path, folder)
    path.unlink()
    other = path.with_name("b.py")
    other.write_text(PREFIX)
    checked(other, folder)
    (file,) = folder.glob("check-*.json")
    assert b"a.py" not in file.read_bytes()


def test_the_rules_are_known_without_their_modules(folder: Path) -> None:
    assert Cache(folder).known_rules() == known_rules()
    assert Cache(folder).known_rules() == known_rules()
    assert (folder / "rules.json").is_file()


def test_a_cache_that_is_off_leaves_nothing_behind(path: Path, folder: Path) -> None:
    configuration = Configuration(known_rules(), (3, 11), path.parent)
    assert list(check([path], configuration, Cache(folder, enabled=False)))
    assert not folder.exists()


def test_the_folder_is_that_of_platformdirs() -> None:
    assert cache_folder() == Path(platformdirs.user_cache_dir("chatbt"))


def test_the_code_has_one_digest() -> None:
    assert code_digest() == code_digest()
