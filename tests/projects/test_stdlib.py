"""The standard library: no crash, no finding outside the file, no fix that falls from the ladder or comes to no end."""

import sysconfig
from pathlib import Path

import pytest

from tests.projects.sweep import sweep

STDLIB = Path(sysconfig.get_path("stdlib"))
FILES = sorted(file for file in STDLIB.rglob("*.py") if not {"site-packages", "data"} & set(file.parts))
PARTS = 8

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("part", range(PARTS))
def test_every_file_is_checked_and_every_fix_passes(part: int) -> None:
    assert sweep(FILES[part::PARTS], jobs=1) == []
