"""The command as a whole: its help, what it does not know, how it stops."""

import os
import signal
import subprocess
import sys
import time

import pytest

import chatbt as package
from chatbt.cli.options.dispatch import GROUPS, commands
from tests.cli.command import PREFIX, chatbt, write

pytestmark = pytest.mark.usefixtures("project")


def test_the_version_is_that_of_the_package() -> None:
    assert chatbt("--version").out == f"chatbt {package.__version__}\n"


def test_help_names_every_command_once() -> None:
    done = chatbt("--help")
    assert done.status == 0
    assert [line.split()[0] for line in done.out.splitlines() if line.startswith("  ")] == [
        name for names in GROUPS.values() for name in names
    ]
    assert set(commands()) == {name for names in GROUPS.values() for name in names}


def test_without_arguments_the_help_is_shown_and_the_status_is_2() -> None:
    done = chatbt()
    assert done.status == 2
    assert "Usage: chatbt COMMAND" in done.out


@pytest.mark.parametrize("name", commands())
def test_every_command_explains_itself(name: str) -> None:
    done = chatbt(name, "--help")
    assert done.status == 0
    assert f"usage: chatbt {name}" in done.out


def test_an_unknown_command_is_refused_with_the_nearest_one() -> None:
    done = chatbt("chekc")
    assert done.status == 2
    assert done.error == "chatbt: there is no command chekc (did you mean check?)\nTry 'chatbt --help'.\n"


def test_an_unknown_flag_is_refused_with_the_nearest_one() -> None:
    done = chatbt("check", "--output-fromat=json")
    assert done.status == 2
    assert "unknown argument --output-fromat=json (did you mean --output-format?)" in done.error


def test_a_flag_is_not_guessed_from_its_beginning() -> None:
    assert chatbt("check", "--sel", "CC001").status == 2


def test_a_reader_that_leaves_early_is_no_error() -> None:
    for number in range(300):
        write(f"module_{number}.py", PREFIX * 20)
    command = f"{sys.executable} -m chatbt check --no-cache | head -n 1"
    done = subprocess.run(["bash", "-c", command], check=True, capture_output=True, text=True)
    assert done.stdout.startswith("CC012")
    assert done.stderr == ""


def test_an_interrupt_ends_the_command_without_a_traceback() -> None:
    # A shell's background job ignores SIGINT, and so would all that it starts.
    heed = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    command = [sys.executable, "-c", heed, sys.executable, "-m", "chatbt", "check", "-"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin
    # It has begun to read when the pipe takes more than it holds.
    process.stdin.write(b"#" * (1 << 17))
    process.stdin.flush()
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert (process.returncode, error) == (130, b"")


def test_neither_rich_nor_libcst_nor_pygls_is_loaded_to_check_a_file() -> None:
    write("a.py", PREFIX)
    code = (
        "import sys; from chatbt.cli import main; main(['check', 'a.py', '--output-format', 'concise']);"
        "print([name for name in ('rich', 'libcst', 'pygls', 'lsprotocol', 'torch') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=os.environ)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_name_that_the_terminal_cannot_show_is_escaped() -> None:
    write("ä.py", PREFIX)
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = chatbt("check", "--output-format", "concise", environment=environment)
    assert done.out.startswith("\\xe4.py:1:8: CC012")
