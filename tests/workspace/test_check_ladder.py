"""What becomes of the findings of a text."""

import io
from pathlib import Path

import pytest

from chatbt.analysis.finding import Finding
from chatbt.analysis.scopes import FileFacts, Scope
from chatbt.cli.output.ladder import ladder
from chatbt.rewriting.fix import Edit, Fix, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.registry import patterns
from chatbt.verification.ladder import Rung
from chatbt.workspace.check_ladder import Climb, climbs, climbs_of
from chatbt.workspace.configuration import Configuration
from chatbt.workspace.profile import Profile
from chatbt.workspace.profiles import known_rules
from tests.suggestions import REVIEW, SAFE

PROFILE = Profile(frozenset(["PY019", "PY021", "CC016"]), FileFacts((3, 11)))
NO_EDIT = "import os\n\n\ndef run(name):\n    os.system(f'ls {name}')\n"


def test_edits_have_a_class_and_reach_the_top() -> None:
    found = climbs_of("a.py", SAFE + REVIEW + NO_EDIT, PROFILE).climbs
    assert found == (Climb("PY021", 2, True), Climb("PY019", 5, False), Climb("CC016", 12))


def test_what_falls_says_from_where_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_it(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix:
        return safe("Break it", Edit(rewrite.place(finding.node), "("))

    monkeypatch.setattr(patterns()["PY021"], "make_fix", break_it)
    result = climbs_of("a.py", SAFE, PROFILE)
    [one] = result.climbs
    assert (one.rung, one.reason) == (Rung.PARSES, "the edited code has a syntax error")
    out = io.StringIO()
    ladder([result], out)
    assert "  PY021 1 × the result parses: the edited code has a syntax error (a.py:2)\n" in out.getvalue()


def test_many_files_are_spread_over_processes(project: Path) -> None:
    for number in range(20):
        (project / f"m{number}.py").write_text(SAFE + "# filler\n" * 3000)
    configuration = Configuration(known_rules(), (3, 11), project)
    files = sorted(project.glob("*.py"))
    together = sorted(climbs(files, configuration, jobs=2))
    assert together == sorted(climbs(files, configuration, jobs=1))
    assert sum(len(one.climbs) for one in together) == 20


def test_a_file_that_cannot_be_read_says_so(project: Path) -> None:
    (project / "a.py").write_bytes(b"x = '\xff'\n")
    [one] = climbs([project / "a.py"], Configuration(known_rules(), (3, 11), project))
    assert one.error is not None and one.climbs == ()
