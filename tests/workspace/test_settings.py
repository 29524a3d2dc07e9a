from pathlib import Path

import pytest

from chatbt.workspace.globs import Glob
from chatbt.workspace.settings import Settings
from tests.workspace.rules import RULES

ROOT = "/project"


@pytest.mark.parametrize(
    ("selector", "members"),
    [
        ("ALL", RULES.ids),
        ("CC", {"CC001", "CC002", "CC011", "CC012"}),
        ("CC01", {"CC011", "CC012"}),
        ("CC001", {"CC001"}),
        ("PY", {"PY001", "PY002"}),  # not PYX01
        ("mutable-default-argument", {"CC001"}),
        ("CC099", {"CC002"}),
        ("shared-default", {"CC001"}),
        ("C", set()),
        ("cc001", set()),
        ("CC0011", set()),
        ("", set()),
        ("mutable", set()),
    ],
)
def test_a_selector_stands_for_its_rules(selector: str, members: set[str]) -> None:
    assert RULES.members(selector) == members


def test_a_name_is_as_specific_as_its_id() -> None:
    assert RULES.rank("late-binding-closure") == RULES.rank("CC002") > RULES.rank("CC00") > RULES.rank("ALL")


def test_rules_are_off_where_they_are_ignored_for_a_file() -> None:
    settings = Settings(
        ROOT,
        rules=frozenset({"CC001", "CC002"}),
        per_file_ignores=((Glob("tests/**", ROOT), frozenset({"CC001"})),),
    )

    assert settings.rules_for(f"{ROOT}/tests/a.py") == {"CC002"}
    assert settings.rules_for(f"{ROOT}/src/a.py") == {"CC001", "CC002"}


def test_a_negated_glob_ignores_everywhere_else() -> None:
    settings = Settings(
        ROOT,
        rules=frozenset({"CC001"}),
        per_file_ignores=((Glob("src/**", ROOT, negated=True), frozenset({"CC001"})),),
    )

    assert settings.rules_for(f"{ROOT}/src/a.py") == {"CC001"}
    assert settings.rules_for(f"{ROOT}/tests/a.py") == set()


def test_a_file_is_excluded_with_its_folder() -> None:
    settings = Settings(ROOT, exclude=(Glob("gen", ROOT),))

    assert settings.excludes(f"{ROOT}/src/gen/deep/a.py")
    assert not settings.excludes(f"{ROOT}/src/a.py")


def test_a_file_is_a_test_by_its_name_or_folder() -> None:
    settings = Settings(ROOT, tests=(Glob("test_*.py", ROOT), Glob("**/tests/**", ROOT)))

    assert settings.is_test(f"{ROOT}/src/test_a.py")
    assert settings.is_test(f"{ROOT}/src/tests/helper.py")
    assert not settings.is_test(f"{ROOT}/src/latest.py")


def test_equal_settings_are_one_key() -> None:
    assert len({Settings(ROOT, rules=frozenset({"CC001"})), Settings(ROOT, rules=frozenset({"CC001"}))}) == 1


def test_loading_the_settings_loads_no_parser() -> None:
    import subprocess
    import sys

    code = (
        "import sys, chatbt.workspace.configuration, chatbt.workspace.discover\n"
        "print(*{'tomllib', 'pathspec', 'difflib', 'libcst', 'pygls', 'chatbt.workspace.ruffrules'} & set(sys.modules))"
    )
    server = Path(__file__).parents[2] / "server"
    run = subprocess.run([sys.executable, "-c", code], cwd=server, capture_output=True, text=True, check=True)

    assert run.stdout.strip() == ""
