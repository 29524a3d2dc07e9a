"""No pattern crashes in a test of the patterns: a crash is caught and logged, and would look like silence."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_crash(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    crashes = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert not crashes, caplog.text
