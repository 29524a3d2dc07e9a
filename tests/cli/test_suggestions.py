"""Suggestions on the command line: asked for with --all, or drawn by a setting."""

import pytest

from tests.cli.command import PREFIX, chatbt, write
from tests.suggestions import REVIEW, SAFE, SAFE_AFTER, STDLIB

pytestmark = pytest.mark.usefixtures("project")

FORMATS = ("full", "concise", "json", "json-lines", "sarif", "github", "gitlab", "junit")


def codes(*arguments: str) -> list[str]:
    return [one["code"] for one in chatbt("check", "--output-format", "json", *arguments).json()]


def test_suggestions_are_reported_only_when_asked_for() -> None:
    write("a.py", SAFE + REVIEW)
    assert chatbt("check").out == "All checks passed!\n"
    done = chatbt("check", "--all")
    assert done.status == 1
    assert "PY021 [*]" in done.out and "PY019 " in done.out


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_format_reports_them(output_format: str) -> None:
    write("a.py", SAFE + PREFIX)
    with_them = chatbt("check", "--all", "--output-format", output_format).out
    assert "PY021" in with_them and "CC012" in with_them
    assert "PY021" not in chatbt("check", "--output-format", output_format).out


def test_json_has_their_fixes_with_class_and_edits() -> None:
    write("a.py", SAFE + REVIEW)
    safe, review = chatbt("check", "--all", "--output-format", "json").json()
    assert (safe["code"], safe["severity"], safe["fix"]["applicability"]) == ("PY021", "hint", "safe")
    assert (review["code"], review["fix"]["applicability"]) == ("PY019", "unsafe")
    assert all(one["fix"]["edits"] for one in (safe, review))


def test_the_cache_keeps_results_with_and_without_them_apart() -> None:
    write("a.py", SAFE + PREFIX)
    for _ in range(2):
        assert codes() == ["CC012"]
        assert codes("--all") == ["PY021", "CC012"]
        assert chatbt("check", "--all", "--output-format", "concise").out.count("PY021") == 1


def test_what_is_left_to_ruff_is_reported_too() -> None:
    write("a.py", SAFE + PREFIX)
    write("ruff.toml", '[lint]\nselect = ["F", "E"]\npreview = true\n')
    assert codes() == []
    assert codes("--all") == ["PY021", "CC012"]


def test_statistics_say_what_a_project_would_gain() -> None:
    write("a.py", SAFE * 2 + REVIEW)
    done = chatbt("check", "--all", "--statistics", "-q")
    first, second = done.out.splitlines()
    assert first == "2\tPY021\t[*] negated-membership (2 safe)"
    assert second == "1\tPY019\t[ ] none-identity-comparison (1 to review)"


def test_the_summary_and_the_notes_name_the_flags_that_fix_them() -> None:
    write("a.py", SAFE + REVIEW)
    out = chatbt("check", "--all").out
    assert "[*] `chatbt fix --all` can fix 1, with `--unsafe-fixes` 2." in out
    assert "`chatbt fix --all --unsafe-fixes` applies it" in out


def test_fix_makes_the_safe_ones_when_asked() -> None:
    file = write("a.py", SAFE + REVIEW + PREFIX)
    chatbt("fix")
    assert file.read_text() == SAFE + REVIEW + 'name = "plain"\n'
    done = chatbt("fix", "--all")
    assert file.read_text() == SAFE_AFTER + REVIEW + 'name = "plain"\n'
    assert "1 × PY021 (negated-membership)" in done.out
    assert "1 more to review: `chatbt fix --all --unsafe-fixes --diff` shows them." in done.out


def test_fix_makes_those_to_review_when_asked() -> None:
    file = write("a.py", SAFE + REVIEW)
    chatbt("fix", "--all", "--unsafe-fixes")
    assert file.read_text() == SAFE_AFTER + REVIEW.replace("== None", "is None")


def test_fix_shows_what_it_would_change() -> None:
    file = write("a.py", STDLIB)
    done = chatbt("fix", "--all", "--diff")
    assert done.status == 1
    assert "+from itertools import pairwise\n" in done.out
    assert file.read_text() == STDLIB


def test_stdin_is_checked_and_fixed_for_them_too() -> None:
    assert "PY021" in chatbt("check", "-", "--all", stdin=SAFE).out
    assert chatbt("fix", "-", "--all", stdin=SAFE).out == SAFE_AFTER


def test_a_setting_draws_them() -> None:
    file = write("a.py", SAFE)
    write("chatbt.toml", "hints = true\n")
    assert codes() == ["PY021"]
    assert chatbt("check", "--severity", "information").status == 0
    chatbt("fix")
    assert file.read_text() == SAFE_AFTER


def test_what_is_drawn_by_a_setting_is_left_to_ruff_nevertheless() -> None:
    write("a.py", SAFE)
    write("chatbt.toml", "hints = true\n")
    write("ruff.toml", '[lint]\nselect = ["E"]\n')
    assert codes() == []
    assert codes("--all") == ["PY021"]


def test_rules_lists_every_specialist() -> None:
    out = chatbt("rules").out
    for specialist in ("Code Critic", "Pythonic", "Standard library"):
        assert specialist in out
    assert {one["linter"] for one in chatbt("rules", "--output-format", "json").json()} == {
        "Code Critic",
        "Pythonic",
        "Standard library",
    }
