"""Work on many files in several processes."""

import os
from pathlib import Path

import pytest

from chatbt.analysis.scopes import FileFacts
from chatbt.workspace.check_pool import Task, spread
from chatbt.workspace.profile import Profile

# Python 3.12 and later warn of forking beside threads; it is the test runner that has some.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

PROFILE = Profile(frozenset(), FileFacts((3, 11)))
BIG = 100_000


def tasks(count: int, size: int = BIG) -> list[Task]:
    return [Task(f"{number}.py", PROFILE, size + number) for number in range(count)]


def name_and_process(task: Task) -> tuple[str, int]:
    return task.path, os.getpid()


def fatal_for_three(task: Task) -> str:
    if task.path == "3.py":
        os._exit(7)
    return task.path


def failing(task: Task) -> str:
    raise ValueError(task.path)


def lost(path: str, reason: str) -> str:
    return f"{path} is lost: {reason}"


def test_every_task_is_done_once_and_elsewhere() -> None:
    done = list(spread(name_and_process, tasks(50), lambda path, _: (path, 0), jobs=2))
    assert sorted(path for path, _ in done) == sorted(task.path for task in tasks(50))
    assert os.getpid() not in {process for _, process in done}


@pytest.mark.parametrize(("jobs", "size"), [(1, BIG), (2, 10)])
def test_one_job_or_little_work_starts_no_process(jobs: int, size: int) -> None:
    done = list(spread(name_and_process, tasks(5, size), lambda path, _: (path, 0), jobs=jobs))
    assert {process for _, process in done} == {os.getpid()}


def test_a_file_that_kills_its_worker_costs_itself_alone() -> None:
    done = sorted(spread(fatal_for_three, tasks(6), lost, jobs=2))
    assert [one for one in done if "lost" not in one] == ["0.py", "1.py", "2.py", "4.py", "5.py"]
    assert next(one for one in done if "lost" in one).startswith("3.py is lost: checking it ended the process")


def test_an_error_of_ours_is_not_swallowed() -> None:
    with pytest.raises(ValueError, match=r"\.py"):
        list(spread(failing, tasks(6), lost, jobs=2))


def test_nothing_to_do_is_nothing_done(tmp_path: Path) -> None:
    assert list(spread(fatal_for_three, [], lost)) == []
