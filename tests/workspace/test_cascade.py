"""What several sources make together: target version, preview, severities; and where each value stands."""

import pytest

from tests.workspace.projects import client, effective, origin, pyproject, said, write
from tests.workspace.rules import RULES, STABLE

pytestmark = pytest.mark.usefixtures("project")


class TestTarget:
    def test_the_setting_before_the_project(self) -> None:
        write("pyproject.toml", '[project]\nrequires-python = ">=3.9"\n[tool.chatbt]\ntarget-version = "py310"\n')

        assert effective().settings.target == (3, 10)

    def test_the_project_before_the_interpreter(self) -> None:
        write("pyproject.toml", '[project]\nrequires-python = ">=3.9"\n')

        assert effective("deep/a.py").settings.target == (3, 9)
        assert origin("target-version") == ['target-version = "py39"  (pyproject.toml:2)']

    def test_the_nearest_project_that_says(self) -> None:
        write("pyproject.toml", '[project]\nrequires-python = ">=3.9"\n')
        write("deep/pyproject.toml", '[project]\nname = "deep"\n')

        assert effective("deep/a.py").settings.target == (3, 9)

    def test_the_interpreter_last(self) -> None:
        assert origin("target-version") == ['target-version = "py312"  (the interpreter\'s)']

    @pytest.mark.parametrize(("requires", "target"), [(">=2.7", (3, 8)), (">=3.20", (3, 14)), ("<4", (3, 12))])
    def test_it_is_one_that_is_known(self, requires: str, target: tuple[int, int]) -> None:
        write("pyproject.toml", f'[project]\nrequires-python = "{requires}"\n')

        assert effective().settings.target == target

    @pytest.mark.parametrize("value", ["3.9", '"three"', "[]"])
    def test_a_range_that_is_none_is_said(self, value: str) -> None:
        write("pyproject.toml", f"[project]\nrequires-python = {value}\n")

        assert said() == [
            f'pyproject.toml:2: project.requires-python is {value}; a range such as ">=3.11" is expected. Using py312.'
        ]


class TestPreview:
    def test_preview_rules_are_off_by_default(self) -> None:
        pyproject('select = ["ALL"]')

        assert effective().settings.rules == STABLE

    def test_preview_turns_them_on(self) -> None:
        pyproject("preview = true")

        assert effective().settings.rules == RULES.ids

    def test_to_name_one_is_not_enough_and_is_said(self) -> None:
        pyproject('extend-select = ["missing-prefix"]')

        assert effective().settings.rules == STABLE
        (message,) = said()
        assert message.endswith('has "missing-prefix", a preview rule; it needs chatbt.preview = true.')


class TestSeverity:
    def test_the_more_specific_selector_wins(self) -> None:
        pyproject('severity = {mutable-default-argument = "error", CC = "hint", ALL = "information"}')
        settings = effective().settings

        assert [settings.severity_of(rule) for rule in ("CC001", "CC002", "PY001")] == ["error", "hint", "information"]

    def test_off_turns_a_rule_off(self) -> None:
        pyproject('severity.CC001 = "off"')

        assert effective().settings.rules == STABLE - {"CC001"}
        assert effective().settings.severity_of("CC001") is None


class TestExplanation:
    def test_every_value_names_its_place(self) -> None:
        write("base.toml", 'ignore = ["PY001"]\nexclude = ["a"]\n')
        pyproject('extend = "base.toml"\nselect = [\n    "CC",\n    "PY",\n]\nruff = "always"')

        assert origin("select") == ['select = ["CC", "PY"]  (pyproject.toml:3)']
        assert origin("ignore") == []  # a file that selects starts anew
        assert origin("exclude") == ['exclude = ["a"]  (base.toml:2)']
        assert origin("ruff") == ['ruff = "always"  (pyproject.toml:7)']
        assert origin("preview") == ["preview = false  (default)"]

    def test_what_adds_up_is_told_layer_by_layer(self) -> None:
        write("base.toml", 'ignore = ["PY001"]\n')
        pyproject('extend = "base.toml"\nignore = ["PY002"]')

        assert origin("select") == ['select = ["ALL"]  (default)']
        assert origin("ignore", "a.py", client({"ignore": ["CC"]})) == [
            'ignore = ["PY001"]  (base.toml:1)',
            'ignore = ["PY002"]  (pyproject.toml:3)',
            'ignore = ["CC"]  (client setting)',
        ]

    def test_what_is_wrong_is_not_told_as_if_it_held(self) -> None:
        pyproject('select = ["CC", "CC777"]\ntests = "a"\nruff = "never"')

        assert origin("select") == ['select = ["CC"]  (pyproject.toml:2)']
        assert origin("tests")[0].endswith("(default)")
        assert origin("ruff") == ['ruff = "defer"  (default)']

    def test_tables_are_written_as_toml_writes_them(self) -> None:
        pyproject('[tool.chatbt.per-file-ignores]\n"!tests/**" = ["CC001"]')

        assert origin("per-file-ignores") == ['per-file-ignores = {"!tests/**" = ["CC001"]}  (pyproject.toml:2)']
