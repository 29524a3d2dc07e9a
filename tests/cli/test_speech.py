"""`chatbt explain`, `chatbt review` and the answers of `chatbt ask`, with a server that says what it is told to say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import DEFAULT, chatbt, write
from tests.orchestrator.server import Script, saying
from tests.orchestrator.subjects import FOREIGN, GOOD

pytestmark = pytest.mark.usefixtures("project")


_WITHOUT_TORCH = """
import sys
from importlib.abc import MetaPathFinder

class Refusing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Refusing())
"""
"""A `sitecustomize` with which an interpreter finds no torch."""


@pytest.fixture
def off(monkeypatch: pytest.MonkeyPatch) -> None:
    """No engine is wanted."""
    monkeypatch.setenv("CHATBT_ENGINE", "off")


def _said(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    with saying(text) as script:
        settings = tmp_path / "config" / "chatbt" / "settings.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text(f'[engine]\nurl = "{script.address.url}"\n')
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        monkeypatch.delenv("CHATBT_ENGINE", raising=False)
        yield script


@pytest.fixture
def good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    """The user's settings name a server with a good text."""
    yield from _said(GOOD, tmp_path, monkeypatch)


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    """The same with a text that no check lets pass."""
    yield from _said(FOREIGN, tmp_path, monkeypatch)


@pytest.mark.usefixtures("good")
def test_a_finding_is_explained() -> None:
    write("a.py", DEFAULT)
    done = chatbt("explain", "a.py:1")
    assert (done.status, done.out, done.error) == (0, f"{GOOD}\n", "")


@pytest.mark.usefixtures("good")
def test_an_explanation_is_printed_as_json_with_its_figures() -> None:
    write("a.py", DEFAULT)
    found = chatbt("explain", "a.py:1", "--rule", "CC001", "--output-format", "json").json()
    assert (found["line"], found["code"], found["text"], found["source"]) == (1, "CC001", GOOD, "model")
    assert found["figures"]["completion_tokens"] == 7


@pytest.mark.usefixtures("foreign")
def test_the_card_stands_for_a_text_that_was_refused() -> None:
    write("a.py", DEFAULT)
    done = chatbt("explain", "a.py:1")
    assert done.status == 1 and "Mutable default argument" in done.out
    assert "The model's text was left out: it names `basket_of_fruit`" in done.error


@pytest.mark.usefixtures("off")
def test_without_an_engine_there_is_the_card_and_one_sentence() -> None:
    write("a.py", DEFAULT)
    done = chatbt("explain", "a.py:1")
    assert done.status == 1 and "Mutable default argument" in done.out
    assert done.error.count("\n") == 1 and "switched off" in done.error


def test_without_the_extra_there_is_the_card_and_the_name_of_the_extra(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(_WITHOUT_TORCH)
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "CHATBT_RUNTIME_DIR": str(tmp_path / "r")}
    environment.pop("CHATBT_ENGINE", None)
    write("a.py", DEFAULT)
    done = chatbt("explain", "a.py:1", environment=environment)
    assert done.status == 1 and "Mutable default argument" in done.out
    assert done.error.count("\n") == 1 and "`pip install 'chatbt[engine]'` adds it" in done.error
    assert not list(tmp_path.glob("r/*.token")) and not list(tmp_path.glob("r/log/*"))  # no engine was tried


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a.py",), "a place is FILE:LINE"),
        (("a.py:9",), "a.py has 3 lines, and no line 9"),
        (("a.py:2",), "a.py:2: nothing is found there"),
        (("a.py:1", "--rule", "CC999"), "there is no rule CC999"),
        (("no.py:1",), "no.py: "),
    ],
)
def test_what_cannot_be_explained_is_refused(arguments: tuple[str, ...], message: str) -> None:
    write("a.py", DEFAULT)
    done = chatbt("explain", *arguments)
    assert done.status == 2 and message in done.error


@pytest.mark.usefixtures("good")
def test_a_question_on_a_file_is_answered() -> None:
    write("a.py", DEFAULT)
    done = chatbt("ask", "--file", "a.py", "--line", "1", "why is this list shared by all calls?")
    assert (done.status, done.out) == (0, f"{GOOD}\n")


@pytest.mark.usefixtures("off")
def test_a_question_without_an_engine_is_answered_by_the_page() -> None:
    done = chatbt("ask", "how do I split a list into chunks?")
    assert done.status == 1 and "itertools.batched" in done.out and "switched off" in done.error


@pytest.mark.usefixtures("good")
def test_a_question_for_nobody_is_said_to_be_so() -> None:
    done = chatbt("ask", "how do I centre a div in CSS?")
    assert (done.status, done.out.startswith("No specialist of ChatBT can answer this")) == (0, True)


@pytest.mark.usefixtures("good")
def test_a_file_is_reviewed() -> None:
    write("a.py", DEFAULT)
    done = chatbt("review", "a.py")
    assert done.status == 1
    assert done.out.startswith("1 finding: 1 warning.") and GOOD in done.out


@pytest.mark.usefixtures("off")
def test_a_file_without_findings_is_reviewed_without_an_engine() -> None:
    write("a.py", "x = 1\n")
    done = chatbt("review", "a.py")
    assert (done.status, done.out, done.error) == (0, "Nothing was found.\n", "")
