"""Every safe fix, applied to a fixpoint, leaves a real package's own tests as they were."""

import ast
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest

from chatbt.analysis.scopes import FileFacts
from chatbt.source.document import Document
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.fixing import fix_all
from chatbt.workspace.profile import Profile
from tests.projects.outcomes import outcomes
from tests.projects.packages import MORE_SUITES, SUITES, Package, fetched

pytestmark = pytest.mark.slow
PROFILE = Profile(frozenset(patterns()), FileFacts((3, 9)))


def fix_everything(source: Path) -> Counter[str]:
    """Apply every safe fix, suggestions included, to a file or the files of a folder; how many of which pattern."""
    applied: Counter[str] = Counter()
    for file in sorted(source.rglob("*.py")) if source.is_dir() else [source]:
        document = Document.from_text(file.name, file.read_text(encoding="utf-8"))
        fixed = fix_all(Checker(document, PROFILE), everything=True)
        assert fixed.refused == (), [(file, problem.id, str(fall)) for problem, fall in fixed.refused]
        text = fixed.checker.document.text
        ast.parse(text)
        again = fix_all(Checker(Document.from_text(file.name, text), PROFILE), everything=True)
        assert again.applied.total() == 0, (file, again.applied)
        file.write_text(text, encoding="utf-8")
        applied += fixed.applied
    return applied


@pytest.mark.parametrize("package", [
    *(pytest.param(one, id=one.name) for one in SUITES),
    *(pytest.param(one, id=f"more-{one.name}", marks=pytest.mark.long) for one in MORE_SUITES),
])  # fmt: skip
def test_the_tests_of_a_package_say_the_same_after_every_safe_fix(package: Package, tmp_path: Path) -> None:
    old, place = tmp_path / "before" / package.folder, tmp_path / "after" / package.folder
    for one in (old, place):  # tests may mind where they are
        shutil.copytree(fetched(package), one)
    applied = fix_everything(place / package.source)
    sys.stdout.write(f"{package.folder}: {applied.total()} safe fixes, {dict(sorted(applied.items()))}\n")
    if not applied:
        # The same code as before: its tests have nothing to tell.
        return
    before = outcomes(old, package)
    assert sum(outcome == "passed" for outcome in before.values()) > 50
    assert outcomes(place, package) == before
