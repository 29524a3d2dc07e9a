"""Five large packages, their own tests included: no crash, no finding outside its file, no fix that falls."""

import pytest

from tests.projects.packages import LARGE, Package, fetched
from tests.projects.sweep import sweep

# Python 3.12 and later warn of forking beside threads; it is the test runner that may have some.
pytestmark = [
    pytest.mark.long,
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("package", LARGE, ids=lambda one: one.name)
def test_every_file_is_checked_and_every_fix_passes(package: Package, part: int) -> None:
    files = sorted(fetched(package).rglob("*.py"))
    assert len(files) > 400
    assert sweep(files[part::PARTS]) == []
