"""What every test stands on: a home of its own, and how many examples a property is tried with."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

for profile, examples in {"fast": 10, "gate": 100, "long": 2000}.items():
    settings.register_profile(
        profile,
        max_examples=examples,
        deadline=None,
        derandomize=profile != "long",
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile("gate")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fuzz-edits", type=int, default=60, help="random edits per file in each fuzz test")


@pytest.fixture
def fuzz_edits(request: pytest.FixtureRequest) -> int:
    """How many random edits a fuzz test makes in each of its files."""
    edits: int = request.config.getoption("--fuzz-edits")
    return edits


def pytest_configure(config: pytest.Config) -> None:
    """Keep the caches, settings and terminal of whoever runs the tests out of all that the tests start."""
    home = tempfile.TemporaryDirectory(prefix="chatbt-tests-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    for kind in ("CACHE", "CONFIG", "DATA", "STATE", "RUNTIME"):
        place = Path(home.name, kind.lower())
        place.mkdir(mode=0o700)
        os.environ[f"XDG_{kind}_{'DIR' if kind == 'RUNTIME' else 'HOME'}"] = str(place)
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR"):
        os.environ.pop(name, None)
