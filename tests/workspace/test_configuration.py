"""What holds for a file, and where each value stands."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from chatbt.workspace.configuration import Configuration, Effective, Overlay
from chatbt.workspace.globs import Glob
from tests.workspace.rules import RULES, STABLE


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def pyproject(settings: str, name: str = "pyproject.toml") -> None:
    """A pyproject.toml with these settings, the first of them on line 2."""
    write(name, f"[tool.chatbt]\n{settings}\n")


def configured(*overlays: Overlay, isolated: bool = False) -> Configuration:
    return Configuration(RULES, (3, 12), Path.cwd(), overlays, isolated=isolated)


def effective(file: str = "a.py", *overlays: Overlay) -> Effective:
    return configured(*overlays).for_file(Path.cwd() / file)


def client(values: Mapping[str, object]) -> Overlay:
    return Overlay(values, "client setting", Path.cwd())


def said(file: str = "a.py") -> list[str]:
    return [str(message) for message in effective(file).messages]


def origin(key: str, file: str = "a.py", *overlays: Overlay) -> list[str]:
    return [str(item) for item in effective(file, *overlays).explain() if item.key == key]


def test_with_no_file_the_defaults_hold() -> None:
    found = effective()

    assert found.settings.rules == STABLE
    assert found.settings.target == (3, 12)
    assert found.settings.ruff == "defer"
    assert found.settings.root == str(Path.cwd())
    assert found.settings.excludes(str(Path.cwd() / ".venv" / "a.py"))
    assert found.settings.is_test(str(Path.cwd() / "tests" / "a.py"))
    assert found.file is None
    assert not found.messages


class TestWhichFileGoverns:
    def test_the_nearest_one(self) -> None:
        pyproject('select = ["CC001"]')
        pyproject('select = ["CC002"]', "deep/pyproject.toml")

        assert effective("deep/er/a.py").settings.rules == {"CC002"}
        assert effective("a.py").settings.rules == {"CC001"}

    def test_not_a_pyproject_without_our_table(self) -> None:
        pyproject('select = ["CC001"]')
        write("deep/pyproject.toml", "[tool.other]\n")

        assert effective("deep/a.py").settings.rules == {"CC001"}

    @pytest.mark.parametrize(
        ("names", "governing"),
        [
            (("chatbt.toml", "pyproject.toml"), "chatbt.toml"),
            ((".chatbt.toml", "chatbt.toml", "pyproject.toml"), ".chatbt.toml"),
        ],
    )
    def test_our_own_file_before_pyproject(self, names: tuple[str, ...], governing: str) -> None:
        for name in names:
            write(name, "[tool.chatbt]" if name == "pyproject.toml" else "")

        assert effective().file == Path.cwd() / governing

    def test_no_file_when_isolated(self) -> None:
        pyproject('select = ["CC001"]')
        write("ruff.toml", "")
        found = configured(isolated=True).for_file(Path.cwd() / "a.py")

        assert found.settings.rules == STABLE
        assert found.ruff is None


class TestExtend:
    def test_what_is_extended_comes_first(self) -> None:
        pyproject('select = ["CC"]\npreview = true\nruff = "always"')
        pyproject('extend = "../pyproject.toml"\nignore = ["CC001"]\nruff = "defer"', "deep/pyproject.toml")
        settings = effective("deep/a.py").settings

        assert settings.rules == {"CC002", "CC011", "CC012"}
        assert settings.preview
        assert settings.ruff == "defer"

    def test_globs_are_relative_to_their_own_file(self) -> None:
        pyproject('extend-exclude = ["gen/*"]')
        pyproject('extend = "../pyproject.toml"\nextend-exclude = ["made/*"]', "deep/pyproject.toml")
        exclude = effective("deep/a.py").settings.exclude

        assert exclude[-2:] == (Glob("gen/*", str(Path.cwd())), Glob("made/*", str(Path.cwd() / "deep")))

    def test_what_adds_up_adds_up(self) -> None:
        pyproject('extend-per-file-ignores = {"a.py" = ["CC001"]}\nseverity = {CC = "hint"}')
        pyproject(
            'extend = "../pyproject.toml"\nextend-per-file-ignores = {"a.py" = ["CC002"]}\nseverity.CC002 = "error"',
            "deep/pyproject.toml",
        )
        settings = effective("deep/a.py").settings

        assert settings.rules - settings.rules_for("/a.py") == {"CC001", "CC002"}
        assert settings.severity_of("CC001") == "hint"
        assert settings.severity_of("CC002") == "error"

    def test_environment_variables_and_home_are_expanded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SHARED", str(Path.cwd() / "shared"))
        monkeypatch.setenv("HOME", str(Path.cwd() / "home"))
        write("shared/chatbt.toml", 'extend = "~/chatbt.toml"\n')
        write("home/chatbt.toml", 'select = ["CC001"]\n')
        write("chatbt.toml", 'extend = "$SHARED/chatbt.toml"\n')

        assert effective().settings.rules == {"CC001"}

    def test_a_missing_file_is_said_and_left_out(self) -> None:
        pyproject('select = ["CC001"]\nextend = "../nowhere.toml"')

        assert said() == [
            'pyproject.toml:3: chatbt.extend is "../nowhere.toml"; there is no such file. Leaving it out.'
        ]
        assert effective().settings.rules == {"CC001"}

    def test_a_circle_is_said_and_left_out(self) -> None:
        write("a/chatbt.toml", 'extend = "../b/chatbt.toml"\nselect = ["CC001"]')
        write("b/chatbt.toml", 'extend = "../a/chatbt.toml"\nignore = ["PY"]')

        assert said("a/a.py") == [
            (
                'b/chatbt.toml:1: chatbt.extend is "../a/chatbt.toml"; that leads back to where it came from. '
                "Leaving it out."
            )
        ]
        assert effective("a/a.py").settings.rules == {"CC001"}

    @pytest.mark.parametrize("value", ["3", '["a"]', '"a\\u0000b"', "true"])
    def test_a_wrong_type_is_said_and_left_out(self, value: str) -> None:
        pyproject(f"extend = {value}")

        assert "the path of a file is expected. Leaving it out." in said()[0]


class TestOverlays:
    def test_the_later_overlay_wins_over_the_earlier_and_the_file(self) -> None:
        pyproject('select = ["CC001"]\nignore = ["PY"]')
        flags = Overlay({"select": ["PY001"]}, "command line", Path.cwd())

        assert effective("a.py", client({"select": ["CC002"]})).settings.rules == {"CC002"}
        assert effective("a.py", client({"select": ["CC002"]}), flags).settings.rules == {"PY001"}

    def test_camel_case_is_read_too(self) -> None:
        assert effective("a.py", client({"targetVersion": "py39"})).settings.target == (3, 9)

    def test_none_says_nothing(self) -> None:
        pyproject('select = ["CC001"]')

        assert effective("a.py", client({"select": None, "preview": None})).settings.rules == {"CC001"}

    def test_what_is_wrong_names_the_source(self) -> None:
        messages = effective("a.py", client({"preview": "yes"})).messages

        assert [str(message) for message in messages] == [
            'client setting: chatbt.preview is "yes"; true or false is expected. Using false.'
        ]

    def test_they_can_be_exchanged(self) -> None:
        configuration = configured(client({"preview": True}))
        file = Path.cwd() / "a.py"
        assert configuration.for_file(file).settings.preview

        configuration.overlay([])

        assert not configuration.for_file(file).settings.preview


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


ONE_BAD_SETTING = {
    'target-version = "py37"': 'chatbt.target-version is "py37"; py38 to py314 are known. Using py38.',
    'target-version = "py315"': 'chatbt.target-version is "py315"; py38 to py314 are known. Using py314.',
    'target-version = "3.11"': 'chatbt.target-version is "3.11"; py38 to py314 are known. Using py312.',
    "target-version = 3.11": "chatbt.target-version is 3.11; py38 to py314 are known. Using py312.",
    "preview = 1": "chatbt.preview is 1; true or false is expected. Using false.",
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


class TestBrokenFiles:
    @pytest.mark.parametrize(
        ("content", "where"),
        [(b"[tool.chatbt]\nselect = [", "pyproject.toml:2"), (b"[a]\nb = 1\n\xff", "pyproject.toml:3")],
    )
    def test_a_broken_pyproject_is_said_once_and_left_out(self, content: bytes, where: str) -> None:
        Path("pyproject.toml").write_bytes(content)

        (message,) = said()

        assert message.startswith(f"{where}: not ")
        assert message.endswith("). Leaving it out.")
        assert effective().settings.rules == STABLE

    def test_a_broken_file_of_our_own_is_said_once(self) -> None:
        write("chatbt.toml", 'select = ["CC001"]\nignore =')

        (message,) = said()

        assert message.startswith("chatbt.toml:2: not valid TOML (")

    def test_a_folder_in_the_place_of_a_file_is_said(self) -> None:
        Path("pyproject.toml").mkdir()

        assert said() == ["pyproject.toml: cannot be read (Is a directory). Leaving it out."]

    def test_while_a_file_is_broken_its_last_good_content_holds(self) -> None:
        configuration = configured()
        file = Path.cwd() / "a.py"
        pyproject('select = ["CC001"]')
        assert configuration.for_file(file).settings.rules == {"CC001"}

        pyproject('select = ["CC002"')
        configuration.invalidate(Path.cwd() / "pyproject.toml")

        assert configuration.for_file(file).settings.rules == {"CC001"}
        assert str(configuration.for_file(file).messages[0]).endswith("Using what it said before.")


class TestReloading:
    def test_a_changed_file_is_read_again(self) -> None:
        configuration = configured()
        file = Path.cwd() / "a.py"
        pyproject('select = ["CC001"]')
        assert configuration.for_file(file).settings.rules == {"CC001"}

        pyproject('select = ["CC002"]')
        assert configuration.for_file(file).settings.rules == {"CC001"}
        configuration.invalidate(Path.cwd() / "pyproject.toml")

        assert configuration.for_file(file).settings.rules == {"CC002"}

    def test_a_new_and_a_deleted_file_count(self) -> None:
        configuration = configured()
        file = Path.cwd() / "a.py"
        assert configuration.for_file(file).file is None

        write("chatbt.toml", "")
        configuration.invalidate(Path.cwd() / "chatbt.toml")
        assert configuration.for_file(file).file == Path.cwd() / "chatbt.toml"

        Path("chatbt.toml").unlink()
        configuration.invalidate(Path.cwd() / "chatbt.toml")
        assert configuration.for_file(file).file is None

    def test_an_extended_file_counts(self) -> None:
        configuration = configured()
        file = Path.cwd() / "a.py"
        write("base.toml", 'select = ["CC001"]')
        pyproject('extend = "base.toml"')
        assert configuration.for_file(file).settings.rules == {"CC001"}

        write("base.toml", 'select = ["CC002"]')
        configuration.invalidate(Path.cwd() / "base.toml")

        assert configuration.for_file(file).settings.rules == {"CC002"}

    def test_files_under_the_same_configuration_share_it(self) -> None:
        configuration = configured()
        pyproject("")

        assert configuration.for_file(Path.cwd() / "a.py") is configuration.for_file(
            Path.cwd() / "deep" / "er" / "a.py"
        )


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


class TestRuff:
    CODES = frozenset({"B006"})

    def left(self, file: str = "a.py", *overlays: Overlay) -> bool:
        return effective(file, *overlays).left_to_ruff(str(Path.cwd() / file), self.CODES)

    def test_without_a_ruff_configuration_nothing_is_left_to_it(self) -> None:
        assert not self.left()

    @pytest.mark.parametrize("name", [".ruff.toml", "ruff.toml"])
    def test_what_it_reports_is_left_to_it(self, name: str) -> None:
        write(name, 'lint.select = ["B"]')

        assert self.left("deep/a.py")

    def test_its_table_in_pyproject_counts(self) -> None:
        write("pyproject.toml", "[tool.ruff]\n")

        assert self.left()

    def test_what_it_does_not_report_is_not(self) -> None:
        write("ruff.toml", 'lint.select = ["F"]')

        assert not self.left()

    def test_its_nearest_file_governs_alone(self) -> None:
        write("ruff.toml", 'lint.select = ["B"]')
        write("deep/ruff.toml", 'lint.select = ["F"]')

        assert not self.left("deep/a.py")

    def test_nothing_is_left_to_it_where_the_settings_say_so(self) -> None:
        write("ruff.toml", "")

        assert not self.left("a.py", client({"ruff": "always"}))

    def test_a_configuration_that_it_would_refuse_leaves_nothing_to_it(self) -> None:
        write("ruff.toml", "lint.select = [")

        assert not self.left()
        assert not said()

    def test_its_configuration_is_reloaded(self) -> None:
        configuration = configured()
        file = Path.cwd() / "a.py"
        assert not configuration.for_file(file).left_to_ruff(str(file), self.CODES)

        write("ruff.toml", "")
        configuration.invalidate(Path.cwd() / "ruff.toml")

        assert configuration.for_file(file).left_to_ruff(str(file), self.CODES)
