"""Apply "(review)" edits to real packages, one at a time, and see whether the tests nearest to them change a result.

    python -m tests.projects.review_edits [--places 300] [--seed 1] [--packages click h11 …] [--rule PY019 …]
        [--limit 60] [--minutes 30] [--jobs 1]

The places are drawn with the seed, over the patterns evenly, from the packages whose own tests can be run: each an
edit that needs a review and reaches the top of the ladder. It is made alone in a copy of its package; then those of
the package's test files are run that name the changed module or function (all of its tests if none does), and the
outcomes compared with those on the code as it was. A difference counts if both are the same when run again. A place
whose tests do not end within `--limit` seconds before the edit is left out; after `--minutes` no new place is tried.

The table tells of each pattern how many edits were tried and how many changed a result, and below it each that did,
with its difference. That tests see nothing does not say that there is nothing: they may not reach the place.
"""

import argparse
import ast
import difflib
import random
import re
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from chatbt.analysis.scopes import FileFacts
from chatbt.rewriting.apply import apply
from chatbt.rewriting.fix import Edit
from chatbt.source.document import Document
from chatbt.specialists.registry import patterns
from chatbt.workspace.check_pool import Task, spread
from chatbt.workspace.check_reading import UnreadableError, read
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import problems
from chatbt.workspace.fixing import fix_of
from chatbt.workspace.profile import Profile
from chatbt.workspace.trial import attempt
from tests.projects.outcomes import NoOutcomesError, outcomes
from tests.projects.packages import MORE_SUITES, SUITES, Package, environment, fetched

PROFILE = Profile(frozenset(patterns()), FileFacts((3, 9)))
PACKAGES = {package.name: package for package in (*SUITES, *MORE_SUITES)}
_NO_END = "(the run)"


@dataclass(frozen=True, slots=True)
class Edited:
    """An edit that needs a review, in a file: where it is and what it does."""

    path: str
    pattern: str
    line: int
    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Such an edit in a package; `file` is below the package's folder."""

    package: Package
    file: str
    edited: Edited

    def __str__(self) -> str:
        return f"{self.package.folder}/{self.file}:{self.edited.line}"


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a place: the tests with another result, each with both, or why nothing can be told."""

    place: Place
    changed: tuple[tuple[str, str, str], ...]
    difference: str
    left_out: str = ""


def places(package: Package) -> list[Place]:
    """Every edit of a package's code, its tests left out, that needs a review and reaches the top of the ladder."""
    root = fetched(package)
    source = root / package.source
    files = sorted(source.rglob("*.py")) if source.is_dir() else [source]
    code = [file for file in files if not {"test", "tests"} & set(file.relative_to(root).parts)]
    tasks = [Task(str(file), PROFILE, file.stat().st_size) for file in code]
    found = [one for some in spread(_edited, tasks, _lost) for one in some]
    found.sort(key=lambda one: (one.path, one.line, one.pattern, str(one.edits)))
    return [Place(package, Path(one.path).relative_to(root).as_posix(), one) for one in found]


def _lost(path: str, reason: str) -> list[Edited]:
    raise AssertionError(f"{path}: {reason}")


def _edited(task: Task) -> list[Edited]:
    try:
        text = read(Path(task.path)).text
    except UnreadableError:
        return []
    checker = Checker(Document.from_text(task.path, text), task.profile)
    found: list[Edited] = []
    for problem in problems(checker, suggestions=True):
        if problem.report is None:
            continue
        fix = fix_of(checker, problem.chunk, problem.state, problem.report)
        if fix is None or fix.safe or attempt(checker, fix.edits, problem.report).fall is not None:
            continue
        found.append(Edited(task.path, problem.id, problem.stretch.start.line, fix.title, fix.edits))
    return found


def drawn(found: Iterable[Place], wanted: int, seed: int) -> list[Place]:
    """So many of the places, over the patterns evenly: one of each, then a second of each that has one, and so on."""
    by_pattern: dict[str, list[Place]] = defaultdict(list)
    for place in found:
        by_pattern[place.edited.pattern].append(place)
    chance = random.Random(seed)
    for _, some in sorted(by_pattern.items()):
        chance.shuffle(some)
    most = max(map(len, by_pattern.values()), default=0)
    rounds = ([some[at] for _, some in sorted(by_pattern.items()) if at < len(some)] for at in range(most))
    chosen: list[Place] = []
    for some in rounds:
        chance.shuffle(some)  # where the last round, or a run, is cut off is no matter of ids
        chosen += some
    return chosen[:wanted]


def nearest(root: Path, place: Place) -> tuple[str, ...]:
    """What pytest is told to run those tests that name the place's module or function; all, if none does."""
    paths = [one for one in place.package.tests if not one.startswith("-") and (root / one).exists()]
    options = [one for one in place.package.tests if one not in paths]
    ignored = [root / one.removeprefix("--ignore=") for one in options if one.startswith("--ignore=")]
    name = re.compile(rf"\b(?:{'|'.join(map(re.escape, _names(root, place)))})\b")
    chosen: list[str] = []
    for file in _test_files(root, paths):
        left_out = any(file == one or one in file.parents for one in ignored)
        if not left_out and name.search(file.read_text(encoding="utf-8", errors="replace")):
            chosen.append(file.relative_to(root).as_posix())
    return (*(chosen or paths), *options)


def _test_files(root: Path, paths: Iterable[str]) -> list[Path]:
    found: set[Path] = set()
    for path in paths:
        whole = root / path
        found |= {whole} if whole.is_file() else {*whole.rglob("test_*.py"), *whole.rglob("*_test.py")}
    return sorted(found)


def _names(root: Path, place: Place) -> list[str]:
    """The module, and the innermost function or class around the place that has a name of its own."""
    file = root / place.file
    names = [file.parent.name if file.stem == "__init__" else file.stem]
    around = [
        node
        for node in ast.walk(ast.parse(file.read_bytes()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and node.lineno <= place.edited.line <= (node.end_lineno or node.lineno)
        and not node.name.startswith("__")
    ]
    return names + [node.name for node in sorted(around, key=lambda node: node.lineno)[-1:]]


class Trials:
    """Tries places, each in a copy of its own; what the tests say of the code as it was is asked once."""

    def __init__(self, folder: Path, limit: float) -> None:
        self._folder = folder
        self._limit = limit
        self._before: dict[tuple[str, ...], dict[str, str] | str] = {}
        self._locks: dict[tuple[str, ...], threading.Lock] = defaultdict(threading.Lock)

    def tried(self, place: Place) -> Tried:
        """Make the edit of a place alone and see what its tests say."""
        root = fetched(place.package)
        tests = nearest(root, place)
        text = read(root / place.file).text
        after = apply(Document.from_text(place.file, text), place.edited.edits).text
        lines = difflib.unified_diff(text.splitlines(), after.splitlines(), place.file, place.file, lineterm="", n=2)
        difference = "\n".join(lines)
        before = self._as_it_was(place.package, tests)
        if isinstance(before, str):
            return Tried(place, (), difference, before)
        changed = _changed(before, self._run(place.package, tests, place.file, after))
        if changed:
            # What is not the same in each run, of either code, is not the edit's doing.
            again = self._run(place.package, tests)
            steady = {_NO_END}
            if not isinstance(again, str):
                steady |= {one for one in before if before[one] == again.get(one)}
            repeated = _changed(before, self._run(place.package, tests, place.file, after))
            changed = tuple(one for one in changed if one in repeated and (one[0] in steady or one[0] not in before))
        return Tried(place, changed, difference)

    def _as_it_was(self, package: Package, tests: tuple[str, ...]) -> dict[str, str] | str:
        key = (package.name, *tests)
        with self._locks[key]:
            if key not in self._before:
                self._before[key] = self._run(package, tests)
            return self._before[key]

    def _run(self, package: Package, tests: tuple[str, ...], file: str = "", text: str = "") -> dict[str, str] | str:
        """The outcomes of a run, or why there are none."""
        with tempfile.TemporaryDirectory(dir=self._folder, ignore_cleanup_errors=True) as folder:
            root = Path(folder) / package.folder
            shutil.copytree(fetched(package), root, symlinks=True)
            if file:
                (root / file).write_bytes(text.encode())
            try:
                return outcomes(root, package, tests, self._limit)
            except NoOutcomesError as error:
                return str(error).strip() or "it says nothing"


def _changed(before: dict[str, str], after: dict[str, str] | str) -> tuple[tuple[str, str, str], ...]:
    if isinstance(after, str):
        return ((_NO_END, "outcomes", after.splitlines()[-1]),)
    return tuple(
        (test, before.get(test, "none"), after.get(test, "none"))
        for test in sorted(before.keys() | after.keys())
        if before.get(test) != after.get(test)
    )


def try_all(chosen: Sequence[Place], folder: Path, limit: float, minutes: float, jobs: int) -> Iterator[Tried]:
    """What becomes of each place, in their order, until the time is up."""
    trials = Trials(folder, limit)
    end = time.monotonic() + 60 * minutes

    def one(place: Place) -> Tried | None:
        return trials.tried(place) if time.monotonic() < end else None

    with ThreadPoolExecutor(jobs) as pool:
        yield from (tried for tried in pool.map(one, chosen) if tried is not None)


def table(results: Sequence[Tried]) -> str:
    """Of each pattern: edits tried, results changed, their share; then each place that changed one, and its edit."""
    counted = [one for one in results if not one.left_out]
    tried = Counter(one.place.edited.pattern for one in counted)
    changed = Counter(one.place.edited.pattern for one in counted if one.changed)
    lines = [f"{'pattern':<40} {'tried':>6} {'changed':>8} {'share':>6}"]
    for pattern, count in sorted(tried.items()):
        lines.append(_row(f"{pattern} {patterns()[pattern].name}", count, changed[pattern]))
    lines.append(_row("all", tried.total(), changed.total()))
    for one in counted:
        if one.changed:
            lines += ["", *_told(one)]
    left_out = [one for one in results if one.left_out]
    if left_out:
        lines += ["", "left out:", *(f"  {one.place}: {one.left_out.splitlines()[-1]}" for one in left_out)]
    return "\n".join(lines) + "\n"


def _row(name: str, tried: int, changed: int) -> str:
    share = f"{changed / tried:.0%}" if tried else "-"
    return f"{name:<40} {tried:>6} {changed:>8} {share:>6}"


def _told(one: Tried) -> Iterator[str]:
    edited = one.place.edited
    yield f"{one.place} {edited.pattern}: {edited.title}"
    for test, before, after in one.changed[:3]:
        yield f"  {test}: {before}, then {after}"
    if len(one.changed) > 3:
        yield f"  and {len(one.changed) - 3} more"
    yield from (f"  | {line}" for line in one.difference.splitlines()[2:])


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.projects.review_edits", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--places", type=int, default=300, help="how many places are drawn")
    parser.add_argument("--seed", type=int, default=1, help="what they are drawn with")
    parser.add_argument("--packages", nargs="+", choices=sorted(PACKAGES), default=sorted(PACKAGES), help="from which")
    parser.add_argument("--rule", nargs="+", help="of which patterns only")
    parser.add_argument("--limit", type=float, default=60, help="seconds for one run of tests")
    parser.add_argument("--minutes", type=float, default=60, help="after so many, no new place is tried")
    parser.add_argument("--jobs", type=int, default=1, help="how many places at a time")
    chosen = parser.parse_args()
    environment()
    found = [place for name in chosen.packages for place in places(PACKAGES[name])]
    found = [place for place in found if not chosen.rule or place.edited.pattern in chosen.rule]
    some = drawn(found, chosen.places, chosen.seed)
    sys.stdout.write(f"{len(some)} of {len(found)} places in {len(chosen.packages)} packages, seed {chosen.seed}\n")
    results: list[Tried] = []
    with tempfile.TemporaryDirectory(prefix="review-edits-", ignore_cleanup_errors=True) as folder:
        for tried in try_all(some, Path(folder), chosen.limit, chosen.minutes, chosen.jobs):
            results.append(tried)
            said = "left out" if tried.left_out else "changed" if tried.changed else "the same"
            sys.stderr.write(f"{len(results)}/{len(some)} {tried.place} {tried.place.edited.pattern}: {said}\n")
    sys.stdout.write(table(results))


if __name__ == "__main__":
    main()
