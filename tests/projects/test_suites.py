"""Every safe fix, applied to a fixpoint, leaves a real package's own tests as they were."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from chatbt.analysis.scopes import FileFacts
from chatbt.source.document import Document
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.fixing import fix_all
from chatbt.workspace.profile import Profile
from tests.projects.packages import SUITES, Package, environment, fetched

pytestmark = pytest.mark.slow
PROFILE = Profile(frozenset(patterns()), FileFacts((3, 9)))


def outcomes(place: Path, package: Package) -> dict[str, str]:
    """The outcome of each of the package's own tests, run on the code in `place`."""
    python_path = (place / package.source).parent
    process = subprocess.run(
        [environment(), "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", *package.tests],
        cwd=place,
        env={"PATH": "/usr/bin:/bin", "HOME": str(place), "LC_ALL": "C.UTF-8", "PYTHONPATH": str(python_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    lines = re.findall(r"^(PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS) (\S+)", process.stdout, re.MULTILINE)
    assert lines, process.stdout[-2000:] + process.stderr[-2000:]
    return {test: outcome for outcome, test in lines}


def fix_everything(folder: Path) -> int:
    """Apply every safe fix to the files of `folder`; how many."""
    count = 0
    for file in sorted(folder.rglob("*.py")):
        document = Document.from_text(file.name, file.read_text(encoding="utf-8"))
        fixed = fix_all(Checker(document, PROFILE))
        assert fixed.refused == ()
        text = fixed.checker.document.text
        ast.parse(text)
        again = fix_all(Checker(Document.from_text(file.name, text), PROFILE))
        assert again.applied.total() == 0
        file.write_text(text, encoding="utf-8")
        count += fixed.applied.total()
    return count


@pytest.mark.parametrize("package", SUITES, ids=lambda one: one.name)
def test_the_tests_of_a_package_say_the_same_after_every_safe_fix(package: Package, tmp_path: Path) -> None:
    place = tmp_path / package.folder
    shutil.copytree(fetched(package), place)
    if not fix_everything(place / package.source):
        # The same code as before: its tests have nothing to tell.
        return
    before = outcomes(fetched(package), package)
    assert sum(outcome == "PASSED" for outcome in before.values()) > 100
    assert outcomes(place, package) == before
