"""A bad setting: where it is, what it is, what is allowed, and what is used instead."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbt.workspace.configuration import Configuration, Overlay
from chatbt.workspace.options import KEYS
from tests.workspace.projects import effective, pyproject, said, write
from tests.workspace.rules import RULES, STABLE

pytestmark = pytest.mark.usefixtures("project")


ONE_BAD_SETTING = {
    'target-version = "py37"': 'chatbt.target-version is "py37"; py38 to py314 are known. Using py38.',
    'target-version = "py315"': 'chatbt.target-version is "py315"; py38 to py314 are known. Using py314.',
    'target-version = "3.11"': 'chatbt.target-version is "3.11"; py38 to py314 are known. Using py312.',
    "target-version = 3.11": "chatbt.target-version is 3.11; py38 to py314 are known. Using py312.",
    "preview = 1": "chatbt.preview is 1; true or false is expected. Using false.",
    "hints = 4": "chatbt.hints is 4; true or false is expected. Using false.",
    'respect-gitignore = "no"': 'chatbt.respect-gitignore is "no"; true or false is expected. Using true.',
    "force-exclude = []": "chatbt.force-exclude is []; true or false is expected. Using false.",
    'ruff = "sometimes"': 'chatbt.ruff is "sometimes"; defer and always are known. Using defer.',
    "ruff = true": "chatbt.ruff is true; defer and always are known. Using defer.",
    "baseline = 1979-05-27": "chatbt.baseline is 1979-05-27; the path of a file is expected. Leaving it out.",
    'baseline = "a\\u0000"': 'chatbt.baseline is "a\\u0000"; the path of a file is expected. Leaving it out.',
    'select = "CC001"': 'chatbt.select is "CC001"; a list such as ["CC001"] is expected. Leaving it out.',
    "extend-select = 3": 'chatbt.extend-select is 3; a list such as ["CC001"] is expected. Leaving it out.',
    "ignore = [[1]]": "chatbt.ignore has [1]; strings are expected. Leaving it out.",
    "extend-ignore = {}": 'chatbt.extend-ignore is {}; a list such as ["CC001"] is expected. Leaving it out.',
    "exclude = [1.5]": "chatbt.exclude has 1.5; strings are expected. Leaving it out.",
    'extend-exclude = "a"': 'chatbt.extend-exclude is "a"; a list such as ["tests/data"] is expected. Leaving it out.',
    'tests = ["a["]': 'chatbt.tests has "a[", which is no glob: a [ is not closed. Leaving it out.',
    "per-file-ignores = []": (
        'chatbt.per-file-ignores is []; a table such as {"tests/**" = ["CC001"]} is expected. Leaving it out.'
    ),
    'per-file-ignores = {"a.py" = "CC001"}': (
        'chatbt.per-file-ignores is "CC001"; a list such as ["CC001"] is expected. Leaving it out.'
    ),
    'extend-per-file-ignores = {"a{" = ["CC001"]}': (
        'chatbt.extend-per-file-ignores has "a{", which is no glob: a { is not closed. Leaving it out.'
    ),
    'severity = "error"': 'chatbt.severity is "error"; a table such as {CC001 = "error"} is expected. Leaving it out.',
    'severity = {CC001 = "fatal"}': (
        'chatbt.severity has CC001 = "fatal"; error, warning, information, hint and off are known. Leaving it out.'
    ),
    'severity = {CC777 = "error"}': ('chatbt.severity has "CC777"; no rule is called that. Leaving it out.'),
    'select = ["CC", "mutable-default"]': (
        'chatbt.select has "mutable-default"; no rule is called that (did you mean mutable-default-argument?). '
        "Leaving it out."
    ),
    'select = ["CC099"]': 'chatbt.select has "CC099", which is now CC002. Using CC002.',
    'selct = ["CC001"]': "chatbt.selct is not a setting (did you mean chatbt.select?). Leaving it out.",
    "zzzzz = 1": "chatbt.zzzzz is not a setting. Leaving it out.",
}


@pytest.mark.parametrize(("setting", "message"), ONE_BAD_SETTING.items(), ids=list(ONE_BAD_SETTING))
def test_a_bad_setting_says_where_what_is_allowed_and_what_is_used(setting: str, message: str) -> None:
    pyproject(setting)

    assert said() == [f"pyproject.toml:2: {message}"]


def test_a_bad_item_is_named_with_its_own_line() -> None:
    pyproject('select = [\n    "CC001",\n    "CC777",\n]')

    assert said()[0].startswith("pyproject.toml:4: ")


def test_a_selection_of_nothing_but_mistakes_is_no_selection() -> None:
    pyproject('select = ["CC777"]')

    assert effective().settings.rules == STABLE


def test_a_wrong_value_leaves_the_one_it_extends() -> None:
    write("base.toml", 'ruff = "always"\n')
    pyproject('extend = "base.toml"\nruff = "sometimes"')

    assert effective().settings.ruff == "always"
    assert said()[0].endswith("Using always.")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["CC001", "py38", "a[", "*"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=9), VALUES, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_is_an_error(project: Path, values: dict[str, object]) -> None:
    configuration = Configuration(RULES, (3, 12), project, [Overlay(values, "client setting", project)])

    found = configuration.for_file(project / "a.py")

    assert found.settings.rules <= RULES.ids
    assert found.settings.rules_for(str(project / "a.py")) <= found.settings.rules
    assert all(str(message) for message in found.messages)
    assert found.explain()


@given(st.binary(max_size=40), st.sampled_from(["chatbt.toml", "pyproject.toml", "ruff.toml"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_content_of_a_file_is_an_error(project: Path, content: bytes, name: str) -> None:
    (project / name).write_bytes(b"# \n" + content)

    found = Configuration(RULES, (3, 12), project).for_file(project / "a.py")

    assert found.settings.rules == STABLE
    assert found.explain()
