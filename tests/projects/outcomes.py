"""Run a package's own tests and tell the outcome of each."""

import json
import os
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import NoReturn

from tests.projects.packages import Package, environment

# Without a scope for its fixtures, pytest-asyncio warns, and some packages take warnings for errors.
_OPTIONS = ("-p", "no:cacheprovider", "-o", "asyncio_default_fixture_loop_scope=function", "-p", "tell_outcomes")
_PLUGIN = Path(__file__).with_name("plugin")


class NoOutcomesError(Exception):
    """The tests came to no end, or said nothing of any test."""


def outcomes(place: Path, package: Package, tests: tuple[str, ...] = (), limit: float = 280) -> dict[str, str]:
    """The outcome of each of the package's own tests (or of `tests`), run on the code in `place`."""
    with tempfile.TemporaryDirectory(prefix="outcomes-") as folder:
        file = Path(folder, "outcomes.json")
        said = _run(place, package, tests or package.tests, file, limit)
        told: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    if not told:
        raise NoOutcomesError(said)
    return told


def _run(place: Path, package: Package, tests: tuple[str, ...], file: Path, limit: float) -> str:
    """Run the tests; the end of what they say."""
    process = subprocess.Popen(
        [environment(), "-m", "pytest", "-q", *_OPTIONS, *tests],
        cwd=place,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(place),
            "LC_ALL": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",  # code that is edited twice a second looks the same as before
            "PYTHONPATH": os.pathsep.join((str((place / package.source).parent), str(_PLUGIN))),
            "TELL_OUTCOMES": str(file),
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
    return said[-2000:] + complained[-2000:]


def _end(process: subprocess.Popen[str], reason: str) -> NoReturn:
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    raise NoOutcomesError(reason)
