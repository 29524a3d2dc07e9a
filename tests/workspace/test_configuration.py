"""Which files govern a file, and what is made of them together."""

from pathlib import Path

import pytest

from chatbt.workspace.configuration import Overlay
from chatbt.workspace.globs import Glob
from tests.workspace.projects import client, configured, effective, pyproject, said, write
from tests.workspace.rules import STABLE

pytestmark = pytest.mark.usefixtures("project")


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

    @pytest.mark.parametrize("value", ["~nobody-at-all/chatbt.toml", "a" * 5000, ".", ""])
    def test_a_path_that_leads_nowhere_is_said_and_left_out(self, value: str) -> None:
        pyproject(f'extend = "{value}"')

        assert said()[0].endswith("there is no such file. Leaving it out.")

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

    def test_a_pyproject_that_cannot_be_read_leaves_nothing_to_it(self) -> None:
        write("ruff.toml", "")
        write("deep/pyproject.toml", "[tool.ruff")

        assert not self.left("deep/a.py")

    def test_while_its_configuration_is_broken_the_last_good_content_holds(self) -> None:
        configuration = configured()
        file = Path.cwd() / "a.py"
        write("ruff.toml", 'lint.select = ["B"]')
        assert configuration.for_file(file).left_to_ruff(str(file), self.CODES)

        write("ruff.toml", 'lint.select = ["B"')
        configuration.invalidate(Path.cwd() / "ruff.toml")

        assert configuration.for_file(file).left_to_ruff(str(file), self.CODES)
