"""Real packages to try ChatBT on: fetched with pip at fixed versions, kept in a cache outside of what git sees."""

import os
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".venv-tests" / "projects"


@dataclass(frozen=True)
class Package:
    """A package on PyPI, where its code is, and how its own tests are run."""

    name: str
    version: str
    source: str
    tests: tuple[str, ...] = ("tests",)

    @property
    def folder(self) -> str:
        return f"{self.name}-{self.version}"


SUITES = (
    # One of its tests lists the modules that it may import, and a better way to write something may need another.
    Package("click", "8.5.1", "src/click", ("tests", "--deselect=tests/test_imports.py::test_light_imports")),
    # The quick ones; all of them are below.
    Package("packaging", "26.3", "src/packaging", ("tests/test_markers.py", "tests/test_utils.py")),
    Package("jinja2", "3.1.6", "src/jinja2"),
    Package("humanize", "4.17.0", "src/humanize"),
)
MORE_SUITES = (
    Package("anyio", "4.16.0", "src/anyio", (
        "tests/test_taskgroups.py", "tests/test_synchronization.py", "tests/streams",
        "--ignore=tests/streams/test_tls.py",
        # They turn pytest-asyncio off, whose option the others need, and take an unknown option for an error.
        "-o", "addopts=",
    )),
    Package("asgiref", "3.13.0", "asgiref"),
    Package("boltons", "26.2.0", "boltons"),
    Package("bottle", "0.13.4", "bottle.py", ("test",)),
    Package("h11", "0.16.0", "h11", ("h11",)),
    Package("mistune", "3.4.0", "src/mistune"),
    Package("more_itertools", "11.2.1", "more_itertools", ("tests", "-n", "2")),
    Package("packaging", "26.3", "src/packaging"),
    Package("pyasn1", "0.6.5", "pyasn1"),
    Package("sqlparse", "0.6.1", "sqlparse"),
    Package("tomlkit", "0.15.2", "tomlkit"),
)  # fmt: skip
"""More of them, for whose tests the gate has no time."""
LARGE = (
    Package("django", "5.2.19", "django"),
    Package("networkx", "3.6.1", "networkx"),
    Package("sqlalchemy", "2.0.41", "lib/sqlalchemy"),
    Package("sympy", "1.14.0", "sympy"),
    Package("twisted", "24.11.0", "src/twisted"),
)
"""Large ones, of which only the code is looked at."""
NEEDED = (
    "pytest",
    "pytest-xdist",
    "trio",
    "pretend",
    "freezegun",
    "pytest-benchmark",
    "hypothesis",
    "tomli-w",
    "markupsafe",
    "babel",
    "pytest-asyncio",
    "pytest-mock",
    "pytest-timeout",
    "pyyaml",
    "exceptiongroup",
    "psutil",
    "truststore",
    "trustme",
    "blockbuster",
)


def fetched(package: Package) -> Path:
    """The unpacked source distribution of a package, fetched the first time."""
    place = CACHE / package.folder
    if place.is_dir():
        return place
    CACHE.mkdir(parents=True, exist_ok=True)
    wanted = f"{package.name}=={package.version}"
    _run("-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", str(CACHE), wanted)
    with tarfile.open(next(CACHE.glob(f"{package.folder}.tar.gz"))) as archive:
        archive.extractall(CACHE, filter="data")
    return place


def environment() -> Path:
    """The Python of an environment in which the packages' own tests can run."""
    place = CACHE / "environment"
    python = place / "bin" / "python"
    stamp = place / "complete"
    wanted = [*dict.fromkeys(f"{one.name}=={one.version}" for one in (*SUITES, *MORE_SUITES)), *NEEDED]
    if not stamp.exists() or stamp.read_text() != "\n".join(wanted):
        _run("-m", "venv", "--clear", str(place))
        subprocess.run([python, "-m", "pip", "install", "-q", *wanted], check=True, env=_clean())
        stamp.write_text("\n".join(wanted))
    return python


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, env=_clean())


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
