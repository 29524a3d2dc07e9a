"""Whole projects: `chatbt check` beside `ruff check`, and beside pylint and Fixit on a subset.

    python -m tests.bench.check [--rounds 3] [--skip-linters] [--json PATH]

The tree is a copy of the running interpreter's standard library, its tests included, without site-packages
and without the directories that ruff leaves out by default; every round runs each program once, the order
reversed every other round. The subset is the 24 modules named below. pylint and Fixit are installed, at the
versions named below, into an environment of the bench's own under the user's cache directory. All programs
have their default rules, ours those in preview too, and no configuration; what they print is thrown away.

Wall seconds, start-up included, and processor seconds; files and thousand lines a second follow from the median.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Run:
    """Seconds of one run: on the wall, and of processors, which other work on the machine disturbs less."""

    wall: float
    processor: float


CheckResult = dict[str, list[Run]]


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


def timed(command: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> Run:
    """One run. Findings are no failure; a crash, or a program that is not there, is."""
    began, used = time.perf_counter(), processor_seconds()
    done = subprocess.run(
        command, check=False, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    run = Run(time.perf_counter() - began, processor_seconds() - used)
    if done.returncode < 0 or b"Traceback" in done.stderr or b"No module named" in done.stderr:
        tail = done.stderr.decode(errors="replace")[-2000:]
        raise SystemExit(f"{' '.join(command[:6])} … ended with {done.returncode}:\n{tail}")
    return run


def processor_seconds() -> float:
    """Of all processes started by this one that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def rounds(programs: Sequence[Program], count: int, world: tuple[Path, dict[str, str]]) -> CheckResult:
    result: CheckResult = defaultdict(list)
    for number in range(count):
        for program in programs[:: -1 if number % 2 else 1]:
            report.progress(number, program.name)
            result[program.name].append(timed(program.command, *world))
    return result


def others(files: Sequence[str]) -> tuple[Program, ...]:
    """pylint with a process for every core, and Fixit, which uses all of its own accord."""
    scripts = linters()
    cores = str(os.cpu_count() or 1)
    return (
        Program(f"pylint -j{cores}", (str(scripts / "pylint"), "-j", cores, *files)),
        Program("fixit lint", (str(scripts / "fixit"), "lint", *files)),
    )


def checks(files: Sequence[str], world: Path) -> tuple[Program, ...]:
    """Ours and ruff without a cache and with one, which needs a run before it that is not counted."""
    quiet = ("--exit-zero", "--output-format", "concise", *files)
    return (
        Program("chatbt check, no cache", (*OURS, "check", "--preview", "--no-cache", *quiet)),
        Program("ruff check, no cache", (tools.ruff(), "check", "--no-cache", *quiet)),
        Program("chatbt check, warm cache", (*OURS, "check", "--preview", *quiet)),
        Program("ruff check, warm cache", (tools.ruff(), "check", "--cache-dir", str(world / "ruff"), *quiet)),
    )


def compared(title: str, files: Sequence[Path], result: CheckResult, base: str) -> str:
    """One table: seconds, files and thousand lines a second, and seconds relative to the program `base`."""
    lines = sum(path.read_bytes().count(b"\n") for path in files)
    medians = {name: report.median(run.wall for run in runs) for name, runs in result.items()}
    rows = [
        [
            name,
            report.spread([run.wall for run in runs], 90),
            report.figure(report.median(run.processor for run in runs)),
            report.figure(len(files) / medians[name]),
            report.figure(lines / medians[name] / 1000),
            f"{medians[name] / medians[base]:.2f}",
        ]
        for name, runs in result.items()
    ]
    title = f"{title}, {len(files):,} files, {lines:,} lines"
    return report.table([title, "s, median (p90)", "processor s", "files/s", "k lines/s", f"x {base}"], rows) + "\n"


def main() -> None:
    options = report.parser(__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--skip-linters", action="store_true", help="without pylint and Fixit")
    arguments = options.parse_args()
    tree = library()
    subset = [tree / f"{name}.py" for name in SUBSET]
    measured = {}
    report.show(report.heading("Whole projects"))
    with tools.empty_world() as world:
        programs = checks([str(tree)], world[0])
        for program in programs[2:]:
            timed(program.command, *world)
        measured["library"] = rounds(programs, arguments.rounds, world)
        whole = list(tree.rglob("*.py"))
        report.show(compared("standard library", whole, measured["library"], "ruff check, no cache"))
        if not arguments.skip_linters:
            names = [str(path) for path in subset]
            slow = (*others(names), *checks(names, world[0])[:2])
            measured["subset"] = rounds(slow, arguments.rounds, world)
            report.show(compared("subset", subset, measured["subset"], "chatbt check, no cache"))
    report.show(f"recorded in {report.record('check', arguments, measured)}")


if __name__ == "__main__":
    main()
