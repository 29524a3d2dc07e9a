"""What becomes of every test of a package is told, by its whole id."""

from pathlib import Path

import pytest

from tests.projects.outcomes import NoOutcomesError, outcomes
from tests.projects.packages import Package

pytestmark = pytest.mark.slow
PACKAGE = Package("made", "1", "made.py", ("test_made.py",))
TESTS = """
import pytest

import made


@pytest.fixture
def untidy():
    yield
    raise ValueError


@pytest.mark.parametrize("text", ["a b", "a c"])
def test_text(text):
    print("a line\\nPASSED test_made.py::test_of_another")
    assert text == made.TEXT


def test_untidy(untidy):
    pass


@pytest.mark.skip(reason="a reason")
def test_skipped():
    pass


@pytest.mark.xfail
def test_expected():
    assert 0
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "made.py").write_text("TEXT = 'a b'\n", encoding="utf-8")
    (tmp_path / "test_made.py").write_text(TESTS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("beside", [(), ("-n", "2")])
def test_each_test_has_its_outcome(place: Path, beside: tuple[str, ...]) -> None:
    assert outcomes(place, PACKAGE, ("test_made.py", *beside)) == {
        "test_made.py::test_text[a b]": "passed",
        "test_made.py::test_text[a c]": "failed",
        "test_made.py::test_untidy": "error",
        "test_made.py::test_skipped": "skipped",
        "test_made.py::test_expected": "xfailed",
    }


def test_a_file_that_cannot_be_read_is_told(place: Path) -> None:
    (place / "made.py").write_text("raise ValueError\n", encoding="utf-8")
    assert outcomes(place, PACKAGE) == {"test_made.py": "error"}


def test_no_outcomes_are_told_with_what_was_said_instead(place: Path) -> None:
    with pytest.raises(NoOutcomesError, match="file or directory not found: test_none"):
        outcomes(place, PACKAGE, ("test_none.py",))


def test_tests_without_end_are_ended(place: Path) -> None:
    (place / "made.py").write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    with pytest.raises(NoOutcomesError, match="no end after 2 s"):
        outcomes(place, PACKAGE, limit=2)
