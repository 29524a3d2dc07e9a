"""`chatbt check`: what it reads, what it reports, how it ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import DEFAULT, PREFIX, chatbt, write

pytestmark = pytest.mark.usefixtures("project")

CONCISE = ("check", "--output-format", "concise")


def codes(*arguments: str, stdin: str | bytes = "") -> list[str]:
    return [one["code"] for one in chatbt("check", "--output-format", "json", *arguments, stdin=stdin).json()]


def test_a_clean_project_ends_with_0() -> None:
    write("a.py", "x = 1\n")
    done = chatbt("check")
    assert (done.status, done.out, done.error) == (0, "All checks passed!\n", "")


def test_findings_end_with_1() -> None:
    write("pkg/a.py", PREFIX)
    done = chatbt(*CONCISE)
    assert done.status == 1
    first, last = done.out.splitlines()
    assert first.startswith("pkg/a.py:1:8: CC012 this f-string has no placeholder")
    assert last == "Found 1 finding."


def test_exit_zero_ends_with_0_whatever_is_found() -> None:
    write("a.py", PREFIX)
    assert chatbt("check", "--exit-zero").status == 0


def test_a_path_that_leads_nowhere_ends_with_2_and_the_others_are_checked() -> None:
    write("a.py", PREFIX)
    done = chatbt(*CONCISE, "missing.py", "a.py")
    assert done.status == 2
    assert "missing.py: no such file or folder." in done.error
    assert "a.py:1:8: CC012" in done.out


def test_no_python_file_is_said() -> None:
    done = chatbt("check")
    assert done.status == 0
    assert "no Python files found" in done.error


def test_the_order_is_that_of_paths_and_places() -> None:
    write("b.py", PREFIX + DEFAULT)
    write("a.py", PREFIX)
    places = [line.partition(" ")[0] for line in chatbt(*CONCISE, "b.py", "a.py").out.splitlines()[:-1]]
    assert places == ["a.py:1:8:", "b.py:1:8:", "b.py:2:22:"]


def test_stdin_is_checked_under_the_name_it_is_given() -> None:
    write("pyproject.toml", '[tool.chatbt]\nper-file-ignores = { "quiet.py" = ["CC012"] }\n')
    assert codes("-", stdin=PREFIX) == ["CC012"]
    assert codes("-", "--stdin-filename", "quiet.py", stdin=PREFIX) == []


def test_stdin_is_shown_with_its_code() -> None:
    done = chatbt("check", "-", stdin=PREFIX)
    assert ' --> stdin.py:1:8\n  |\n1 | name = f"plain"\n  |        ^^^^^^^^\n' in done.out


def test_stdin_stands_alone() -> None:
    done = chatbt("check", "-", "a.py")
    assert (done.status, done.error) == (2, "chatbt check: - (stdin) stands alone, without other paths\n")


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ((), ["CC001", "CC012"]),
        (("--select", "CC012"), ["CC012"]),
        (("--select", "mutable-default-argument"), ["CC001"]),
        (("--ignore", "CC012"), ["CC001"]),
        (("--ignore", "CC001,CC012"), []),
        (("--select", "CC001", "--extend-select", "CC012"), ["CC001", "CC012"]),
        (("--extend-ignore", "CC001"), ["CC012"]),
        (("--per-file-ignores", "*.py:CC001"), ["CC012"]),
        (("--config", 'ignore = ["CC001"]'), ["CC012"]),
        (("--exclude", "a.py", "--force-exclude", "a.py"), []),
    ],
)
def test_flags_choose_the_rules_and_files(flags: tuple[str, ...], expected: list[str]) -> None:
    write("a.py", DEFAULT + PREFIX)
    assert codes(*flags) == expected


def test_a_configuration_file_can_be_named() -> None:
    write("a.py", DEFAULT + PREFIX)
    write("chatbt.toml", 'select = ["CC001"]\n')
    write("other/chatbt.toml", 'select = ["CC012"]\n')
    assert codes() == ["CC001"]
    assert codes("--config", "other/chatbt.toml") == ["CC012"]
    assert codes("--isolated") == ["CC001", "CC012"]


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--select", "CC999"), '--select has "CC999"; no rule is called that'),
        (("--target-version", "py27"), '--target-version is "py27"; py38 to py314 are known.'),
        (("--config", "missing.toml"), "--config missing.toml: there is no such file, and it is no KEY=VALUE"),
        (("--config", "select = ["), "--config select = [: not valid TOML"),
        (("--per-file-ignores", "a.py"), "--per-file-ignores a.py: GLOB:RULE is expected"),
        (("--output-format", "yaml"), "argument --output-format: invalid choice: 'yaml'"),
        (("--jobs", "0"), "argument --jobs: invalid"),
    ],
)
def test_a_flag_that_makes_no_sense_ends_with_2(flags: tuple[str, ...], said: str) -> None:
    write("a.py", PREFIX)
    done = chatbt("check", *flags)
    assert done.status == 2
    assert said in done.error
    assert done.out == ""


def test_a_wrong_setting_is_said_and_the_default_is_used() -> None:
    write("a.py", PREFIX)
    write("pyproject.toml", '[tool.chatbt]\ntarget-version = "py27"\n')
    done = chatbt(*CONCISE)
    assert done.status == 1
    assert done.error.startswith('chatbt: pyproject.toml:2: chatbt.target-version is "py27"')


def test_a_malformed_pyproject_is_said_and_the_files_are_checked() -> None:
    write("a.py", PREFIX)
    write("pyproject.toml", "[tool.chatbt\n")
    done = chatbt(*CONCISE)
    assert done.status == 1
    assert done.error.startswith("chatbt: pyproject.toml:1: not valid TOML")


def test_what_is_left_to_ruff_is_reported_with_all() -> None:
    write("a.py", DEFAULT + PREFIX)
    write("ruff.toml", '[lint]\nselect = ["B006"]\n')
    assert codes() == ["CC012"]
    assert codes("--all") == ["CC001", "CC012"]


def test_a_severity_leaves_out_what_is_less() -> None:
    write("a.py", PREFIX)
    write("chatbt.toml", 'severity = { CC012 = "hint" }\n')
    assert codes("--severity", "information") == []
    assert codes("--severity", "hint") == ["CC012"]


def test_the_output_goes_to_a_file() -> None:
    write("a.py", PREFIX)
    done = chatbt("check", "--output-format", "json", "--output-file", "out.json")
    assert (done.status, done.out) == (1, "")
    assert '"CC012"' in Path("out.json").read_text(encoding="utf-8")


def test_an_output_file_that_cannot_be_written_ends_with_2() -> None:
    write("a.py", PREFIX)
    done = chatbt("check", "--output-file", "missing/out.txt")
    assert (done.status, done.error) == (
        2, "chatbt check: missing/out.txt: cannot be written (No such file or directory)\n",
    )  # fmt: skip


def test_quiet_says_nothing_but_the_findings() -> None:
    write("a.py", PREFIX)
    assert len(chatbt(*CONCISE, "-q").out.splitlines()) == 1


def test_statistics_count_the_rules() -> None:
    write("a.py", PREFIX * 2 + DEFAULT)
    done = chatbt("check", "--statistics", "-q")
    assert done.out == (
        "2\tCC012\t[*] fstring-without-placeholders (2 safe)\n1\tCC001\t[ ] mutable-default-argument (1 to review)\n"
    )


def test_statistics_have_ruffs_names_in_json() -> None:
    write("a.py", PREFIX)
    done = chatbt("check", "--statistics", "--output-format", "json")
    assert done.json() == [
        {
            "code": "CC012",
            "name": "fstring-without-placeholders",
            "count": 1,
            "fixable": True,
            "fixable_count": 1,
            "review_count": 0,
        }
    ]


def test_many_processes_find_the_same_as_one() -> None:
    for number in range(20):
        write(f"m{number}.py", (PREFIX + DEFAULT + "# filler\n" * 3000))
    alone = chatbt("check", "--no-cache", "--jobs", "1", "--output-format", "concise")
    together = chatbt("check", "--no-cache", "--jobs", "2", "--output-format", "concise")
    assert alone.out == together.out
    assert alone.out.endswith("Found 40 findings.\n")


# ---- bad input


def test_a_file_that_is_not_utf8_is_a_finding_at_the_line() -> None:
    write("a.py", b"x = 1\ny = '\xff'\n")
    write("b.py", PREFIX)
    done = chatbt(*CONCISE)
    assert done.status == 1
    said = "line 2 is not utf-8 (byte 0xff); save it as UTF-8, or name its encoding in line 1"
    assert done.out.startswith(f"a.py:2:1: invalid-syntax {said}\nb.py:1:8: CC012")


def test_an_encoding_that_there_is_not_is_a_finding() -> None:
    write("a.py", b"# coding: klingon\nx = 1\n")
    assert "a.py:1:1: invalid-syntax cannot be decoded (unknown encoding: klingon)" in chatbt(*CONCISE).out


def test_a_nul_byte_is_a_syntax_error() -> None:
    write("a.py", "x = 1\n\0\n")
    assert codes() == ["invalid-syntax"]


def test_a_line_of_5_mb_does_not_keep_the_others_from_being_checked() -> None:
    write("a.py", f'text = "{"x" * 5_000_000}"\n{PREFIX}')
    done = chatbt("check")
    assert (done.status, done.error) == (1, "")
    assert "CC012" in done.out
    assert len(done.out) < 2000


def test_a_file_that_cannot_be_read_ends_with_2_and_the_others_are_checked() -> None:
    Path("a.py").symlink_to("a.py")
    write("b.py", PREFIX)
    done = chatbt(*CONCISE, "a.py", "b.py")
    assert done.status == 2
    assert "a.py: " in done.error
    assert "Traceback" not in done.error
    assert "b.py:1:8: CC012" in done.out


def test_what_could_not_be_looked_into_has_not_passed() -> None:
    assert chatbt(*CONCISE, "missing.py").out == "No findings.\n"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n", b"\r\r\n\f"])
def test_a_file_with_next_to_nothing_in_it_is_clean(content: bytes) -> None:
    write("a.py", content)
    assert chatbt(*CONCISE).out == "All checks passed!\n"
    assert chatbt(*CONCISE, "-", stdin=content).out == "All checks passed!\n"


def test_a_folder_that_is_called_like_a_file_is_a_folder() -> None:
    write("a.py/b.py", PREFIX)
    assert chatbt(*CONCISE).out.startswith("a.py/b.py:1:8: CC012")
    assert chatbt(*CONCISE, "a.py").out.startswith("a.py/b.py:1:8: CC012")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_a_pipe_in_a_folder_is_passed_over_and_one_that_is_named_is_read() -> None:
    os.mkfifo("a.py")
    write("b.py", PREFIX)
    assert chatbt(*CONCISE).out.startswith("b.py:1:8: CC012")
    with subprocess.Popen(["bash", "-c", f"printf '{PREFIX[:-1]}' > a.py"]):
        assert chatbt(*CONCISE, "a.py").out.startswith("a.py:1:8: CC012")


def test_folders_that_link_to_each_other_are_walked_once() -> None:
    write("one/a.py", PREFIX)
    Path("one/two").symlink_to(Path.cwd() / "one")
    assert codes() == ["CC012"]


# ---- baseline


def test_a_baseline_leaves_new_findings() -> None:
    write("a.py", PREFIX)
    assert chatbt("check", "--write-baseline", "known.json").out == "known.json knows 1 finding.\n"
    assert chatbt("check", "--baseline", "known.json").status == 0
    write("a.py", "\n\n" + PREFIX + DEFAULT)
    assert codes("--baseline", "known.json") == ["CC001"]


def test_a_baseline_can_stand_in_the_settings() -> None:
    write("a.py", PREFIX)
    write("chatbt.toml", 'baseline = "known.json"\n')
    chatbt("check", "--write-baseline", "known.json")
    assert codes() == []


def test_what_a_baseline_knows_and_is_no_more_is_said_with_verbose() -> None:
    write("a.py", PREFIX)
    chatbt("check", "--write-baseline", "known.json")
    write("a.py", "x = 1\n")
    done = chatbt("check", "--baseline", "known.json", "-v")
    assert done.status == 0
    assert done.error == "chatbt: known.json knows 1 finding of CC012 in a.py that are no more\n"


def test_a_baseline_that_is_not_there_ends_with_2() -> None:
    write("a.py", PREFIX)
    done = chatbt("check", "--baseline", "known.json")
    assert done.status == 2
    assert "there is no baseline" in done.error


# ---- cache


def test_a_second_run_says_the_same_as_the_first() -> None:
    write("a.py", PREFIX + DEFAULT)
    first = chatbt("check")
    assert chatbt("check").out == first.out
    assert chatbt("check", "--no-cache").out == first.out


def test_a_change_of_the_settings_is_seen() -> None:
    write("a.py", PREFIX)
    assert codes() == ["CC012"]
    write("chatbt.toml", 'ignore = ["CC012"]\n')
    assert codes() == []


def test_a_change_of_the_file_is_seen() -> None:
    write("a.py", PREFIX)
    assert codes() == ["CC012"]
    write("a.py", 'name =  "plain"\n')
    assert codes() == []
