"""Fixing: `chatbt fix --all` beside `fixit fix` with its own rules, each on a fresh copy of the same files.

    python -m tests.bench.fix [--rounds 3] [--modules 24] [--json PATH]

The files are the modules of the standard library that `check` names as its subset, or the first `--modules` of them;
before every run they are copied into an empty directory, which is not timed. Fixit is installed as `check` installs
it, and applies all fixes of the rules it comes with (`fixit fix --automatic`); chatbt applies every fix that is safe,
those of suggestions and of rules in preview too. What each does is another set of changes, so the table says how many
files and lines came out changed; each program has its own caches from the second round on.

Wall seconds, start-up included, and processor seconds; the goal is a tenth of Fixit's.
"""

from __future__ import annotations

import difflib
import shutil
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from tests.bench import report, tools
from tests.bench.check import SUBSET, CheckResult, library, linters, timed
from tests.bench.tools import OURS, Program

GOAL = 0.1
"""Of Fixit's seconds."""
FIXIT = "fixit fix"


def programs(files: Sequence[str]) -> tuple[Program, ...]:
    return (
        Program("chatbt fix --all", (*OURS, "fix", "--preview", "--all", *files)),
        Program(FIXIT, (str(linters() / "fixit"), "fix", "--automatic", *files)),
    )


def copied(tree: Path, names: Sequence[str], target: Path) -> list[Path]:
    """A copy of the modules below `target`, in the place of what an earlier run left there."""
    shutil.rmtree(target, ignore_errors=True)
    made = []
    for name in names:
        path = target / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tree / f"{name}.py", path)
        made.append(path)
    return made


def changed(tree: Path, target: Path, names: Sequence[str]) -> tuple[int, int]:
    """How many files came out changed, and how many lines in them were taken away or came."""
    files = lines = 0
    for name in names:
        before, after = ((top / f"{name}.py").read_text(encoding="utf-8") for top in (tree, target))
        if before != after:
            files += 1
            diff = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
            lines += sum(line[:1] in "+-" and line[:3] not in ("---", "+++") for line in diff)
    return files, lines


def rows(result: CheckResult, changes: dict[str, tuple[int, int]]) -> list[list[str]]:
    medians = {name: report.median(run.wall for run in runs) for name, runs in result.items()}
    return [
        [
            name,
            report.spread([run.wall for run in runs], 90),
            report.figure(report.median(run.processor for run in runs)),
            *map(str, changes[name]),
            "1" if name == FIXIT else share(medians[name] / medians[FIXIT]),
        ]
        for name, runs in result.items()
    ]


def share(value: float) -> str:
    """Of Fixit's seconds, bold when it is over the goal."""
    return f"{value:.3f}" if value <= GOAL else f"**{value:.3f}**"


def main() -> None:
    options = report.parser(__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--modules", type=int, default=len(SUBSET), help="only the first so many of the subset")
    arguments = options.parse_args()
    tree, names = library(), SUBSET[: arguments.modules]
    result: CheckResult = defaultdict(list)
    changes: dict[str, tuple[int, int]] = {}
    with tools.empty_world() as world:
        target = world[0] / "copy"
        every = programs([str(target / f"{name}.py") for name in names])
        for number in range(arguments.rounds):
            for program in every[:: -1 if number % 2 else 1]:
                report.progress(number, program.name)
                copied(tree, names, target)
                result[program.name].append(timed(program.command, *world))
                changes[program.name] = changed(tree, target, names)
        lines = sum((tree / f"{name}.py").read_bytes().count(b"\n") for name in names)
    title = f"{len(names)} files, {lines:,} lines"
    header = [title, "s, median (p90)", "processor s", "files changed", "lines changed", f"x {FIXIT}"]
    report.show(report.heading("Fixing"))
    report.show(report.table(header, rows(result, changes)))
    measured = {"seconds": result, "changed": changes}
    report.show(f"\nrecorded in {report.record('fix', arguments, measured)}")


if __name__ == "__main__":
    main()
