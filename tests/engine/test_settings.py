"""The user's settings of the engine: what they mean, what is said of wrong ones, and how one is changed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from chatbt.engine.settings import Settings, read_settings, settings_file, write_settings


def read(folder: Path, text: str, **environment: str) -> Settings:
    """What a file with this text says."""
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return read_settings(file, environment)


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "nowhere.toml", {}) == Settings()


def test_the_file_lies_in_the_users_configuration() -> None:
    assert settings_file().name == "settings.toml"
    assert settings_file().parent.name == "chatbt"


def test_what_is_said_holds(tmp_path: Path) -> None:
    text = '[engine]\nmodel = "qwen"\ndevice = "cuda:1"\nprecision = "float16"\nunload-minutes = 2\nend-minutes = 3.5\n'
    settings = read(tmp_path, text)
    assert (settings.model, settings.device, settings.precision) == ("qwen", "cuda:1", "float16")
    assert (settings.unload_minutes, settings.end_minutes, settings.messages) == (2, 3.5, ())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("enabled = 1", "true or false"),
        ('url = "ftp://host"', "an address"),
        ('url = "https://me:secret@host"', "an address"),
        ('url = "https://host:99999"', "an address"),
        ('device = "toaster"', "cuda"),
        ('precision = "int3"', "bfloat16"),
        ("unload-minutes = 0", "above 0"),
        ("end-minutes = nan", "above 0"),
        ("model = 3", "chatbt model list"),
        ('colour = "red"', "known are"),
    ],
)
def test_a_wrong_value_is_told_with_its_line_and_left_out(tmp_path: Path, line: str, expected: str) -> None:
    settings = read(tmp_path, f"# mine\n[engine]\n{line}\n")
    (message,) = settings.messages
    assert f"settings.toml:3: engine.{line.split(maxsplit=1)[0]}" in message
    assert expected in message
    assert settings == Settings(messages=settings.messages)


@pytest.mark.parametrize("text", ["[engine", "engine = 3\n", "\udcff"])
def test_a_file_that_says_nothing_is_told_and_the_defaults_hold(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    settings = read_settings(tmp_path / "settings.toml", {})
    assert len(settings.messages) == 1
    assert settings == Settings(messages=settings.messages)


@pytest.mark.parametrize("word", ["off", "OFF", "0", "false", "no"])
def test_the_environment_switches_it_off(tmp_path: Path, word: str) -> None:
    settings = read(tmp_path, "[engine]\nenabled = true\n", CHATBT_ENGINE=word)
    assert not settings.enabled
    assert "CHATBT_ENGINE" in settings.why_off


def test_a_setting_switches_it_off_and_says_where(tmp_path: Path) -> None:
    settings = read(tmp_path, "[engine]\n\nenabled = false\n", CHATBT_ENGINE="on")
    assert not settings.enabled
    assert "settings.toml:3" in settings.why_off


def test_what_leaves_the_machine_is_said(tmp_path: Path) -> None:
    assert read(tmp_path, "").destination == ""
    assert read(tmp_path, '[engine]\nurl = "http://127.0.0.1:8000/v1"\n').destination == ""
    assert "https://gpu.example/v1" in read(tmp_path, '[engine]\nurl = "https://gpu.example/v1"\n').destination
    assert "not encrypted" in read(tmp_path, '[engine]\nurl = "http://gpu.example/v1"\n').destination


@pytest.mark.parametrize(
    "before",
    ["", "# mine\n", '[engine]\nmodel = "old"  # why\nurl = ""\n', '[other]\nmodel = "theirs"\n[engine]\n[more]\n'],
)
def test_a_value_is_changed_and_the_rest_is_kept(tmp_path: Path, before: str) -> None:
    file = tmp_path / "new" / "settings.toml"
    file.parent.mkdir()
    file.write_text(before, encoding="utf-8")
    write_settings({"model": 'C:\\models\n"x"', "enabled": False}, file)
    text = file.read_text(encoding="utf-8")
    assert tomllib.loads(text)["engine"]["model"] == 'C:\\models\n"x"'
    assert read_settings(file, {}).why_off
    assert all(line in text.splitlines() for line in before.splitlines() if "old" not in line)
    assert ("# why" in text) is ("# why" in before)
    assert [path.name for path in file.parent.iterdir()] == ["settings.toml"]


def test_a_file_that_cannot_be_read_is_not_changed(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[engine\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        write_settings({"model": "x"}, file)
    assert file.read_text(encoding="utf-8") == "[engine\n"


def test_a_table_in_an_unusual_form_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('engine.model = "x"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="engine"):
        write_settings({"model": "y"}, file)
    assert file.read_text(encoding="utf-8") == 'engine.model = "x"\n'
