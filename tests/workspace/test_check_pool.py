"""Work on many files in several processes."""

import logging
import multiprocessing
import os
import signal
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from chatbt.analysis.scopes import FileFacts
from chatbt.specialists.registry import patterns
from chatbt.workspace import check_pool
from chatbt.workspace.check_file import check_task
from chatbt.workspace.check_pool import Task, spread
from chatbt.workspace.check_result import Result
from chatbt.workspace.profile import Profile

# Python 3.12 and later warn of forking beside threads; it is the test runner that has some.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

PROFILE = Profile(frozenset(), FileFacts((3, 11)))
BIG = 100_000
SMALL = 2_000
"""So many of them that the work is worth a pool travel in batches of eight or so."""


def tasks(count: int, size: int = BIG) -> list[Task]:
    return [Task(f"{number}.py", PROFILE, size + number) for number in range(count)]


def name_and_process(task: Task) -> tuple[str, int]:
    return task.path, os.getpid()


def name_in(folder: Path, task: Task) -> str:
    """Leaves a mark in the folder at every call; two of the files kill their process."""
    with (folder / "done").open("a", encoding="utf-8") as file:
        file.write(f"{task.path}\n")
    if task.path in ("30.py", "31.py"):
        os._exit(7)
    return task.path


class OddError(Exception):
    """Neither it nor what is made of it again travels between processes."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__("odd")
        self.made = lambda: first + second


def failing(error: type[Exception], task: Task) -> str:
    if task.path == "3.py":
        raise error(1, 2) if error is OddError else error("three")
    return task.path


def long(task: Task) -> bytes:
    return task.path.encode() * 500_000


def interrupting(task: Task) -> str:
    if task.path == "3.py":
        os.kill(os.getpid(), signal.SIGINT)
    return task.path


def lost(path: str, reason: str) -> str:
    return f"{path} is lost: {reason}"


def lost_of(done: list[str]) -> list[str]:
    return [one for one in done if "lost" in one]


@pytest.mark.parametrize(("count", "size"), [(50, BIG), (300, SMALL)])
def test_every_task_is_done_once_and_elsewhere(count: int, size: int) -> None:
    done = list(spread(name_and_process, tasks(count, size), lambda path, _: (path, 0), jobs=2))
    assert sorted(path for path, _ in done) == sorted(task.path for task in tasks(count))
    assert os.getpid() not in {process for _, process in done}


@pytest.mark.parametrize(("jobs", "size"), [(1, BIG), (2, 10)])
def test_one_job_or_little_work_starts_no_process(jobs: int, size: int) -> None:
    done = list(spread(name_and_process, tasks(5, size), lambda path, _: (path, 0), jobs=jobs))
    assert {process for _, process in done} == {os.getpid()}


def test_there_may_be_more_jobs_than_tasks() -> None:
    done = spread(name_and_process, tasks(4), lambda path, _: (path, 0), jobs=1_000_000)
    assert len({process for _, process in done}) == 4


def test_nothing_to_do_is_nothing_done() -> None:
    assert list(spread(long, [], lambda *_: b"")) == []


def test_results_may_be_longer_than_a_pipe_holds() -> None:
    done = list(spread(long, tasks(6), lambda *_: b"", jobs=2))
    assert sorted(done) == sorted(long(task) for task in tasks(6))


def test_files_that_kill_their_worker_cost_themselves_alone(tmp_path: Path) -> None:
    done = list(spread(partial(name_in, tmp_path), tasks(300, SMALL), lost, jobs=2))
    assert sorted(one.partition(" ")[0] for one in done) == sorted(task.path for task in tasks(300))
    assert {one.partition(":")[0] for one in lost_of(done)} == {"30.py is lost", "31.py is lost"}
    assert all("checking it ended the process" in one for one in lost_of(done))


def test_what_is_done_when_a_worker_dies_is_not_done_again(tmp_path: Path) -> None:
    list(spread(partial(name_in, tmp_path), tasks(300, SMALL), lost, jobs=2))
    calls = Counter((tmp_path / "done").read_text(encoding="utf-8").split())
    assert {path for path, count in calls.items() if count > 1} <= {"30.py", "31.py"}
    assert max(calls.values()) == 2


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("error", [ValueError, MemoryError, RecursionError, OddError])
def test_an_error_of_ours_costs_its_file_and_is_logged(error: type[Exception], jobs: int, tmp_path: Path) -> None:
    handler = logging.FileHandler(tmp_path / "log")
    logging.getLogger("chatbt").addHandler(handler)
    try:
        done = list(spread(partial(failing, error), tasks(6), lost, jobs=jobs))
    finally:
        logging.getLogger("chatbt").removeHandler(handler)
        handler.close()
    said = f"{error.__name__}: {'odd' if error is OddError else 'three'}"
    assert lost_of(done) == [f"3.py is lost: ChatBT failed with it ({said}), which is a fault of ChatBT"]
    assert len(done) == 6
    assert said in (tmp_path / "log").read_text(encoding="utf-8")


def test_who_leaves_early_leaves_no_process_behind() -> None:
    results = spread(long, tasks(20), lambda *_: b"", jobs=2)
    next(results)
    assert multiprocessing.active_children()
    results.close()  # type: ignore[attr-defined]  # it is a generator
    assert not multiprocessing.active_children()


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt there is no signal to a process")
def test_an_interrupt_ends_a_worker_without_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        done = list(spread(interrupting, tasks(6), lost, jobs=2))
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(lost_of(done)) == 1
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt there is no signal to a process")
def test_what_ignores_interrupts_has_workers_that_do() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        done = list(spread(interrupting, tasks(6), lost, jobs=2))
    finally:
        signal.signal(signal.SIGINT, before)
    assert lost_of(done) == []


@pytest.mark.slow
def test_the_rules_and_their_findings_travel_to_processes_that_know_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on macOS and Windows, where nothing is forked, and even once the tables of the rules have been made here."""
    monkeypatch.setattr(check_pool, "_context", lambda: multiprocessing.get_context("spawn"))
    profile = Profile(frozenset(patterns()), FileFacts((3, 11)))
    assert profile.interest
    files = [tmp_path / f"{number}.py" for number in range(3)]
    for file in files:
        file.write_text("x = f'a'\n", encoding="utf-8")
    found = list(spread(partial(check_task, fixes=True), [Task(str(file), profile, BIG) for file in files * 2], _lost))
    assert [[record.code for record in result.records] for result in found] == [["CC012"]] * 6


def _lost(path: str, reason: str) -> Result:
    return Result(path, error=reason)
