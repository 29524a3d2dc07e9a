import pytest

from chatbt.specialists.registry import patterns
from tests.cli.command import chatbt, write

pytestmark = pytest.mark.usefixtures("project")


def test_each_setting_is_shown_with_where_it_stands() -> None:
    write("pyproject.toml", '[tool.chatbt]\nignore = ["CC012"]\n[project]\nrequires-python = ">=3.12"\n')
    out = chatbt("config", "explain", "a.py").out
    assert 'ignore = ["CC012"]  (pyproject.toml:2)' in out
    assert 'target-version = "py312"  (pyproject.toml:4)' in out
    assert "preview = false  (default)" in out
    (off,) = [line for line in out.splitlines() if line.startswith("  off: ")]
    assert "CC012" in off


def test_what_is_left_to_ruff_is_shown() -> None:
    write("ruff.toml", 'lint.select = ["F541"]\n')
    assert "ruff.toml has it: CC012\n" in chatbt("config", "explain", ".").out


def test_rules_and_suggestions_are_counted() -> None:
    critics = [one for one in patterns().values() if not one.is_suggestion]
    write("chatbt.toml", "preview = true\n")
    out = chatbt("config", "explain", ".").out
    assert f"{len(critics)} rules of {len(critics)} are reported\n" in out
    assert f"{len(patterns()) - len(critics)} suggestions can be asked for\n" in out
    write("chatbt.toml", "hints = true\n")
    out = chatbt("config", "explain", ".").out
    assert "hints = true  (chatbt.toml:1)" in out
    assert "suggestions are drawn as hints\n" in out


def test_what_is_wrong_is_said() -> None:
    write("chatbt.toml", "preview = 1\n")
    assert "chatbt.toml:1: chatbt.preview is 1" in chatbt("config", "explain", ".").error


def test_explain_must_be_said() -> None:
    assert chatbt("config").status == 2
