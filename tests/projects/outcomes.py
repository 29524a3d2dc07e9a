"""Run a package's own tests and tell the outcome of each."""

import os
import re
import signal
import subprocess
from pathlib import Path
from typing import NoReturn

from tests.projects.packages import Package, environment

# Without a scope for its fixtures, pytest-asyncio warns, and some packages take warnings for errors.
_OPTIONS = ("-p", "no:cacheprovider", "-o", "asyncio_default_fixture_loop_scope=function")


class NoOutcomesError(Exception):
    """The tests came to no end, or said nothing of any test."""


def outcomes(place: Path, package: Package, tests: tuple[str, ...] = (), limit: float = 280) -> dict[str, str]:
    """The outcome of each of the package's own tests (or of `tests`), run on the code in `place`."""
    process = subprocess.Popen(
        [environment(), "-m", "pytest", "-q", "-rA", *_OPTIONS, *(tests or package.tests)],
        cwd=place,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(place),
            "LC_ALL": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",  # code that is edited twice a second looks the same as before
            "PYTHONPATH": str((place / package.source).parent),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,  # tests start processes of their own, which must end with them
    )
    try:
        said, complained = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        _end(process, f"no end after {limit:.0f} s")
    lines = re.findall(r"^(PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS) (\S+)", said, re.MULTILINE)
    if not lines:
        raise NoOutcomesError(said[-2000:] + complained[-2000:])
    return {test: outcome for outcome, test in lines}


def _end(process: subprocess.Popen[str], reason: str) -> NoReturn:
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    raise NoOutcomesError(reason)
