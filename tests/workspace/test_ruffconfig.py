"""What we take ruff to report is what the installed ruff reports: the same configuration, the same file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbt.workspace import ruffcodes, ruffrules
from chatbt.workspace.ruffconfig import RuffConfig, read_ruff
from chatbt.workspace.tomlfile import TomlFile, read_toml
from tests.workspace.ruff_rules import render

# Every code of CODES has its place here, so that whether ruff reports it depends on the configuration alone.
SAMPLE = """\
import os


def collect(item, bucket=[]):
    try:
        bucket.append(item)
    except Exception:
        pass
    except:
        pass
    assert bucket == None
    for one in bucket:
        bucket.remove(one)
    return "%s" % item


def shown(name):
    return "hello {name}"
"""
CODES = ("ANN001", "ARG001", "B006", "B909", "BLE001", "D103", "E711", "E722", "F401", "RUF027", "S101", "UP031")

KEYS = (
    "lint", "select", "extend-select", "ignore", "extend-ignore", "per-file-ignores", "extend-per-file-ignores",
    "exclude", "extend-exclude", "include", "extend-include", "preview", "explicit-preview-rules", "extend",
    "required-version",
)  # fmt: skip


def by_ruff(root: Path) -> set[str]:
    """The codes of CODES that ruff itself reports somewhere below the folder."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "json", "."]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if run.returncode == 2:
        return set()
    return {item["code"] for item in json.loads(run.stdout)} & set(CODES)


def by_us(config: RuffConfig, file: Path) -> set[str]:
    return {code for code in CODES if config.reports(str(file), frozenset((code,)))}


def written(root: Path, **files: str) -> None:
    for name, text in files.items():
        place = root / name.replace("__", "/").replace("_toml", ".toml")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


CONFIGURATIONS = {
    "nothing is configured": "",
    "a prefix": 'lint.select = ["B"]',
    "a longer prefix": 'lint.select = ["E71", "S10"]',
    "one code": 'lint.select = ["F401"]',
    "B is not BLE": 'lint.select = ["BLE"]',
    "D is not DTZ": 'lint.select = ["DTZ", "F"]',
    "all": 'lint.select = ["ALL"]',
    "all but": 'lint.select = ["ALL"]\nlint.ignore = ["E", "ANN", "B006"]',
    "none": "lint.select = []",
    "more than the default": 'lint.extend-select = ["E711", "S"]',
    "less than the default": 'lint.ignore = ["F", "BLE001"]',
    "ignored the old way": 'lint.extend-ignore = ["E722"]',
    "the more specific wins": 'lint.select = ["B006", "E"]\nlint.ignore = ["B", "E7"]',
    "the more specific wins, ignored": 'lint.select = ["B", "E7"]\nlint.ignore = ["B006", "E"]',
    "ignore wins a tie": 'lint.select = ["E7"]\nlint.ignore = ["E7"]',
    "beside lint, the old way": 'select = ["E"]\nignore = ["E711"]',
    "lint wins over beside lint": 'select = ["E"]\nlint.select = ["F"]',
    "preview": "preview = true",
    "preview of the linter": "lint.preview = true",
    "the linter's preview wins": 'preview = true\nlint.preview = false\nlint.select = ["B"]',
    "preview rules by prefix": 'preview = true\nlint.select = ["B", "RUF"]',
    "a preview rule without preview": 'lint.select = ["B909", "RUF027", "F"]',
    "a preview rule by prefix, explicit": (
        'preview = true\nlint.explicit-preview-rules = true\nlint.select = ["B", "RUF027"]'
    ),
    "the default in explicit preview": "preview = true\nlint.explicit-preview-rules = true",
    "a category": 'preview = true\nlint.select = ["suspicious"]',
    "a category less a prefix": 'preview = true\nlint.select = ["suspicious"]\nlint.ignore = ["F"]',
    "a prefix less a category": 'preview = true\nlint.select = ["F", "B"]\nlint.ignore = ["suspicious"]',
    "all less a category": 'preview = true\nlint.select = ["ALL"]\nlint.ignore = ["suspicious"]',
    "a category without preview": 'lint.select = ["suspicious"]',
    "an unknown selector": 'lint.select = ["F", "ZZZ"]',
    "an unknown selector ignored": 'lint.ignore = ["F9999"]',
    "half a prefix": 'lint.select = ["PLRX"]',
    "a removed rule ignored": 'lint.ignore = ["ANN101", "F"]',
    "a selector that was renamed": 'lint.select = ["TCH", "TRIO", "E"]',
    "ignored in this file": 'lint.per-file-ignores = {"sample.py" = ["B", "F401"]}',
    "ignored in another file": 'lint.per-file-ignores = {"other.py" = ["B"]}',
    "ignored in every other file": 'lint.per-file-ignores = {"!other.py" = ["B"]}',
    "ignored by a path": 'lint.per-file-ignores = {"src/*.py" = ["F"]}',
    "ignored by a path that is not this": 'lint.per-file-ignores = {"sample/*.py" = ["F"]}',
    "ignored by braces": 'lint.per-file-ignores = {"{tests,src}/**" = ["F"]}',
    "ignored in more files": (
        'lint.per-file-ignores = {"*.py" = ["B"]}\nlint.extend-per-file-ignores = {"src/**" = ["E"]}'
    ),
    "an unknown selector in a file": 'lint.per-file-ignores = {"other.py" = ["ZZZ"]}',
    "excluded": 'exclude = ["sample.py"]',
    "its folder excluded": 'extend-exclude = ["src"]',
    "excluded by a path": 'extend-exclude = ["src/*.py"]',
    "excluded from the linter": 'lint.exclude = ["src/**"]',
    "not included": 'include = ["*.pyi"]',
    "included besides": 'include = ["*.pyi"]\nextend-include = ["src/*.py"]',
    "of a version that is not this": 'required-version = "<0.5"',
    "of this version": f'required-version = ">={".".join(map(str, ruffrules.VERSION))}"',
    "a wrong type": 'lint.select = "F"',
    "strings expected": "lint.select = [1]",
    "a wrong type of a table": "lint = 3",
    "not TOML": "lint.select = [",
    "no glob": 'exclude = ["["]',
    "extends nothing": 'extend = "missing.toml"',
    "extends itself": 'extend = "ruff.toml"',
}


@pytest.mark.parametrize("text", CONFIGURATIONS.values(), ids=list(CONFIGURATIONS))
def test_a_configuration_reports_what_ruff_reports(tmp_path: Path, text: str) -> None:
    written(tmp_path, ruff_toml=text)
    sample = tmp_path / "src" / "sample.py"
    sample.parent.mkdir()
    sample.write_text(SAMPLE)

    assert by_us(read_ruff(tmp_path / "ruff.toml", read_toml), sample) == by_ruff(tmp_path)


EXTENDED = {
    "the child selects anew": ('lint.select = ["B"]\nlint.ignore = ["F"]', 'lint.select = ["F"]'),
    "the child adds": ('lint.select = ["B"]', 'lint.extend-select = ["F"]'),
    "both ignore": ('lint.ignore = ["B"]', 'lint.ignore = ["F"]'),
    "what the child adds wins over what the base ignores": ('lint.ignore = ["B006"]', 'lint.extend-select = ["B"]'),
    "ignores of a base that selects nothing": ('lint.select = []\nlint.ignore = ["B006"]', 'lint.select = ["B", "F"]'),
    "the base is in preview": ("preview = true", 'lint.select = ["B"]'),
    "the base's linter is in preview": ("lint.preview = true", 'preview = false\nlint.select = ["B"]'),
    "the child replaces what is ignored in files": (
        'lint.per-file-ignores = {"*.py" = ["B"]}',
        'lint.per-file-ignores = {"*.py" = ["F"]}',
    ),
    "the child adds to what is ignored in files": (
        'lint.per-file-ignores = {"*.py" = ["B"]}',
        'lint.extend-per-file-ignores = {"*.py" = ["F"]}',
    ),
    "the globs of the base are relative to the base": ('lint.per-file-ignores = {"src/*.py" = ["B"]}', ""),
    "the child excludes nothing": ('exclude = ["sample.py"]', "exclude = []"),
    "the base excludes more": ('extend-exclude = ["sample.py"]', "exclude = []"),
    "the base is broken": ("lint.select = 3", ""),
}


@pytest.mark.parametrize(("base", "child"), EXTENDED.values(), ids=list(EXTENDED))
def test_an_extended_configuration_reports_what_ruff_reports(tmp_path: Path, base: str, child: str) -> None:
    written(tmp_path, base__ruff_toml=base, ruff_toml=f'extend = "base/ruff.toml"\n{child}')
    sample = tmp_path / "src" / "sample.py"
    sample.parent.mkdir()
    sample.write_text(SAMPLE)

    assert by_us(read_ruff(tmp_path / "ruff.toml", read_toml), sample) == by_ruff(tmp_path)


def test_the_table_of_pyproject_is_read(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.ruff.lint]\nselect = ["B"]\n')
    (tmp_path / "sample.py").write_text(SAMPLE)

    config = read_ruff(tmp_path / "pyproject.toml", read_toml)

    assert by_us(config, tmp_path / "sample.py") == by_ruff(tmp_path) == {"B006"}


def test_a_doubt_says_what_is_not_understood(tmp_path: Path) -> None:
    written(tmp_path, ruff_toml='lint.select = ["unused-import"]')

    config = read_ruff(tmp_path / "ruff.toml", read_toml)

    assert config.doubt == "`select` has unused-import, which is not known here"


def test_a_circle_of_extended_files_is_a_doubt(tmp_path: Path) -> None:
    written(tmp_path, a_toml='extend = "b.toml"', b_toml='extend = "a.toml"')

    assert read_ruff(tmp_path / "a.toml", read_toml).doubt == f"{tmp_path / 'a.toml'} extends itself"


@pytest.mark.parametrize("value", ["~nobody-at-all/ruff.toml", "a\\u0000b", "aaaa" * 2000, "."])
def test_a_path_that_leads_nowhere_is_a_doubt(tmp_path: Path, value: str) -> None:
    written(tmp_path, ruff_toml=f'extend = "{value}"')

    assert "cannot be read" in (read_ruff(tmp_path / "ruff.toml", read_toml).doubt or "")


def test_a_selection_is_trusted_whatever_version_is_required(tmp_path: Path) -> None:
    # ruff 0.5 has other defaults than the ones known here, but B was the same.
    written(tmp_path, ruff_toml='required-version = "==0.5.*"\nlint.select = ["B"]')

    assert by_us(read_ruff(tmp_path / "ruff.toml", read_toml), tmp_path / "sample.py") == {"B006"}


def test_the_list_of_rules_is_that_of_the_installed_ruff() -> None:
    assert Path(ruffrules.__file__).read_text() == render()


VALUES = st.recursive(
    st.booleans() | st.integers() | st.text() | st.sampled_from(["B", "F401", "ALL", "a[", "*.py", ">=0.1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4))
def test_no_value_is_an_error(options: dict[str, object]) -> None:
    config = read_ruff(Path("/project/ruff.toml"), lambda path: TomlFile(path, "", options))

    assert config.reports("/project/a.py", frozenset({"B006"})) in (True, False)


@pytest.mark.parametrize(
    ("selector", "inside", "outside"),
    [
        ("B", "B006", "BLE001"),
        ("PL", "PLW0127", "PERF101"),
        ("C", "C901", "COM812"),
        ("T", "T201", "TRY201"),
        ("PGH002", "G010", "PGH003"),
        ("E7", "E711", "E501"),
    ],
)
def test_a_selector_stands_for_its_own_linter_alone(selector: str, inside: str, outside: str) -> None:
    members = ruffcodes.members(selector)

    assert members is not None
    assert inside in members
    assert outside not in members
