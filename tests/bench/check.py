"""Whole projects: `chatbt check` beside `ruff check`, and beside pylint and Fixit on a subset.

    python -m tests.bench.check [--rounds 3] [--skip-linters] [--json PATH]

The tree is a copy of the running interpreter's standard library, its tests included, without site-packages
and without the directories that ruff leaves out by default; every round runs each program once, the order
reversed every other round. The subset is the 24 modules named below. pylint and Fixit are installed, at the
versions named below, into an environment of the bench's own under the user's cache directory. All programs
have their default rules, and no configuration; what they print is thrown away.

Wall seconds, start-up included; files and thousand lines a second follow from the median.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench import corpus, report, tools
from tests.bench.tools import OURS, Program

LINTERS = ("pylint==4.1.4", "fixit==2.2.1")
LEFT_OUT = {
    ".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".mypy_cache", ".nox", ".pants.d",
    ".pytype", ".ruff_cache", ".svn", ".tox", ".venv", "__pypackages__", "_build", "buck-out", "dist",
    "node_modules", "venv", "site-packages", "__pycache__",
}  # fmt: skip
SUBSET = (
    "abc", "base64", "bisect", "calendar", "cmd", "code", "contextlib", "copy", "csv", "fnmatch",
    "fractions", "getopt", "glob", "heapq", "json/decoder", "json/encoder", "logging/config", "queue",
    "random", "sched", "shelve", "shutil", "string", "textwrap",
)  # fmt: skip

CheckResult = dict[str, list[float]]


def library() -> Path:
    """The copy of the standard library, made once for each interpreter version."""
    target = tools.cache_directory("stdlib") / platform.python_version()
    if not target.exists():
        partial = target.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        for source in corpus.stdlib().rglob("*.py"):
            relative = source.relative_to(corpus.stdlib())
            if not LEFT_OUT & set(relative.parts[:-1]):
                (partial / relative).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, partial / relative)
        partial.rename(target)
    return target


def linters() -> Path:
    """The scripts directory of the environment with pylint and Fixit, made once."""
    home = tools.cache_directory("linters") / "-".join((platform.python_version(), *LINTERS))
    if not (home / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        subprocess.run([home / "bin" / "pip", "install", "--quiet", *LINTERS], check=True)
        (home / "ready").touch()
    return home / "bin"


def seconds(command: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> float:
    """Wall seconds of one run. Findings are no failure; a crash, or a program that is not there, is."""
    began = time.perf_counter()
    done = subprocess.run(
        command, check=False, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    took = time.perf_counter() - began
    if done.returncode < 0 or b"Traceback" in done.stderr or b"No module named" in done.stderr:
        tail = done.stderr.decode(errors="replace")[-2000:]
        raise SystemExit(f"{' '.join(command[:6])} … ended with {done.returncode}:\n{tail}")
    return took


def rounds(programs: Sequence[Program], count: int, world: tuple[Path, dict[str, str]]) -> CheckResult:
    result: CheckResult = defaultdict(list)
    for number in range(count):
        for program in programs[:: -1 if number % 2 else 1]:
            report.progress(number, program.name)
            result[program.name].append(seconds(program.command, *world))
    return result


def checks(files: Sequence[str], world: Path) -> tuple[Program, ...]:
    """Ours and ruff without a cache and with one, which needs a run before it that is not counted."""
    quiet = ("--exit-zero", "--output-format", "concise", *files)
    return (
        Program("chatbt check, no cache", (*OURS, "check", "--no-cache", *quiet)),
        Program("ruff check, no cache", (tools.ruff(), "check", "--no-cache", *quiet)),
        Program("chatbt check, warm cache", (*OURS, "check", *quiet)),
        Program(
            "ruff check, warm cache", (tools.ruff(), "check", "--cache-dir", str(world / "ruff"), *quiet)
        ),
    )


def rows(result: CheckResult, files: int, lines: int, base: str) -> list[list[str]]:
    reference = report.median(result[base])
    return [
        [
            name,
            report.spread(times, 90),
            report.figure(files / report.median(times)),
            report.figure(lines / report.median(times) / 1000),
            f"{report.median(times) / reference:.2f}",
        ]
        for name, times in result.items()
    ]


def size(files: Sequence[Path]) -> tuple[int, int]:
    """Files and lines."""
    return len(files), sum(path.read_bytes().count(b"\n") for path in files)


def main() -> None:
    options = report.parser(__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--skip-linters", action="store_true", help="without pylint and Fixit")
    arguments = options.parse_args()
    tree = library()
    subset = [tree / f"{name}.py" for name in SUBSET]
    names = [str(path) for path in subset]
    measured = {}
    report.show(report.heading("Whole projects"))
    with tools.empty_world() as (root, environment):
        programs = checks([str(tree)], root)
        for program in programs[2:]:
            seconds(program.command, root, environment)
        files, lines = size(list(tree.rglob("*.py")))
        measured["library"] = whole = rounds(programs, arguments.rounds, (root, environment))
        header = ["s, median (p90)", "files/s", "k lines/s", "x ruff check, no cache"]
        report.show(
            report.table(
                [f"standard library, {files:,} files, {lines:,} lines", *header],
                rows(whole, files, lines, "ruff check, no cache"),
            )
            + "\n"
        )
        if not arguments.skip_linters:
            bin_directory = linters()
            slow = (
                Program(
                    f"pylint -j{os.cpu_count()}",
                    (str(bin_directory / "pylint"), f"-j{os.cpu_count()}", *names),
                ),
                Program("fixit lint", (str(bin_directory / "fixit"), "lint", *names)),
                *checks(names, root)[:2],
            )
            files, lines = size(subset)
            measured["subset"] = part = rounds(slow, arguments.rounds, (root, environment))
            header[-1] = "x chatbt check, no cache"
            report.show(
                report.table(
                    [f"subset, {files:,} files, {lines:,} lines", *header],
                    rows(part, files, lines, "chatbt check, no cache"),
                )
                + "\n"
            )
    report.show(f"recorded in {report.record('check', arguments, measured)}")


if __name__ == "__main__":
    main()
