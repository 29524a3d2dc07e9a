"""Ways to silence a finding."""

from pathlib import Path

import pytest

from chatbt.lsp.documents import Open
from chatbt.lsp.errors import RefusedError
from chatbt.lsp.ignoring import ignore_in_file, ignore_in_project, ignore_on_line
from chatbt.rewriting.apply import apply
from chatbt.source.document import Document, Encoding
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import Problem, problems
from chatbt.workspace.profile import Profile
from chatbt.workspace.profiles import known_rules

PROFILE = Profile(known_rules().ids)


def opened(code: str) -> Open:
    return Open("file:///a.py", None, Checker(Document.from_text("file:///a.py", code), PROFILE), Encoding.UTF16)


def on_line(code: str) -> str:
    text = opened(code)
    return apply(text.document, [ignore_on_line(text, first(text))]).text


def in_file(code: str) -> str:
    text = opened(code)
    return apply(text.document, [ignore_in_file(text, first(text))]).text


def first(text: Open) -> Problem:
    return next(one for one in text.problems() if one.report is not None)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("x = f'q'\n", "x = f'q'  # chatbt: ignore[CC012]\n", id="at the end of the line"),
        pytest.param("x = f'q'", "x = f'q'  # chatbt: ignore[CC012]", id="without a line ending"),
        pytest.param(
            "x = f'q'  # why\r\n", "x = f'q'  # why  # chatbt: ignore[CC012]\r\n", id="behind another comment"
        ),
        pytest.param(
            "x = f'q'  # chatbt: ignore[CC001]\n",
            "x = f'q'  # chatbt: ignore[CC001, CC012]\n",
            id="in the list that is there",
        ),
        pytest.param(
            "x = f'''\nq\n'''\n", "x = f'''\nq\n'''  # chatbt: ignore[CC012]\n", id="where a string over lines ends"
        ),
        pytest.param(
            "if 1:\n    x = f'q' \\\n        .x\n",
            "if 1:\n    # chatbt: ignore[CC012]\n    x = f'q' \\\n        .x\n",
            id="above a line that goes on",
        ),
        pytest.param(
            "try:\n    f()\nexcept Exception:\n    pass\n",
            "try:\n    f()\nexcept Exception:  # chatbt: ignore[CC004]\n    pass\n",
            id="where any other comment would be the answer",
        ),
        pytest.param(
            "x = f(\n    f'q',\n)\n", "x = f(\n    f'q',  # chatbt: ignore[CC012]\n)\n", id="inside of a call"
        ),
    ],
)
def test_a_comment_silences_one_finding(before: str, after: str) -> None:
    assert on_line(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "def f(x):\n    m = g(x)\n    if m:\n        return m\n    return 0\n",
            "def f(x):\n    # chatbt: ignore[PY023]\n    m = g(x)\n    if m:\n        return m\n    return 0\n",
            id="above what a fix would take with it",
        ),
        pytest.param(
            "def f(a):\n    return g('%s and '\n             'more' % str(a))\n",
            "def f(a):\n    return g('%s and '\n             'more' % str(a))  # chatbt: ignore[PY011]\n",
            id="behind an expression, not in it",
        ),
    ],
)
def test_a_suggestion_is_silenced_at_the_first_try(before: str, after: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = opened(before)
    [problem] = [one for some in text.suggestions() for one in some]
    forks = []
    fork = Checker.fork

    def counted(checker: Checker) -> Checker:
        forks.append(checker)
        return fork(checker)

    monkeypatch.setattr(Checker, "fork", counted)
    assert apply(text.document, [ignore_on_line(text, problem)]).text == after
    assert len(forks) == 1


def test_a_comment_that_silences_leaves_everything_else_as_it_was() -> None:
    code = "def f(a=[]): return f'q', a\n"
    text = opened(on_line(code))
    assert [one.id for one in text.problems()] == ["CC012"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("x = f'q'\n", "# chatbt: ignore-file[CC012]\nx = f'q'\n", id="at the top"),
        pytest.param(
            "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nx = f'q'\n",
            "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n# chatbt: ignore-file[CC012]\nx = f'q'\n",
            id="below shebang and encoding",
        ),
        pytest.param(
            "# chatbt: ignore-file[CC001]\nx = f'q'\n",
            "# chatbt: ignore-file[CC001, CC012]\nx = f'q'\n",
            id="in the list that is there",
        ),
    ],
)
def test_a_comment_silences_a_rule_in_the_file(before: str, after: str) -> None:
    assert in_file(before) == after
    checker = Checker(Document.from_text("", after), PROFILE)
    assert "CC012" not in {one.id for one in problems(checker)}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(None, '[tool.chatbt]\nignore = ["CC001"]\n', id="a new file"),
        pytest.param(
            '[project]\nname = "x"', '[project]\nname = "x"\n\n[tool.chatbt]\nignore = ["CC001"]\n', id="a new table"
        ),
        pytest.param(
            "[tool.chatbt]\npreview = true\n\n[tool.x]\nignore = []\n",
            '[tool.chatbt]\nignore = ["CC001"]\npreview = true\n\n[tool.x]\nignore = []\n',
            id="a new key",
        ),
        pytest.param(
            '[tool.chatbt]\r\nignore = ["CC012"]  # so\r\n',
            '[tool.chatbt]\r\nignore = ["CC012", "CC001"]  # so\r\n',
            id="a list in one line",
        ),
        pytest.param("[tool.chatbt]\nignore = []\n", '[tool.chatbt]\nignore = ["CC001"]\n', id="an empty list"),
        pytest.param(
            '[tool.chatbt]\nignore = [\n    "CC012",  # a ] in a comment\n]\n',
            '[tool.chatbt]\nignore = [\n    "CC012",\n    "CC001",  # a ] in a comment\n]\n',
            id="a list over lines",
        ),
        pytest.param(
            '[ tool . chatbt ]\nignore = [\n  "CC012"\n]\n',
            '[ tool . chatbt ]\nignore = [\n  "CC012",\n  "CC001"\n]\n',
            id="without a trailing comma",
        ),
    ],
)
def test_a_rule_is_added_to_pyproject_as_it_is_laid_out(before: str | None, after: str) -> None:
    assert ignore_in_project(Path("pyproject.toml"), "CC001", before) == after


def test_a_rule_is_added_to_our_own_file_above_its_tables() -> None:
    before = '[severity]\nCC012 = "error"\n'
    assert ignore_in_project(Path("chatbt.toml"), "CC001", before) == f'ignore = ["CC001"]\n{before}'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('tool = {chatbt = {ignore = ["CC012"]}}\n', id="an inline table"),
        pytest.param("tool.chatbt.ignore = []\n", id="a dotted key"),
        pytest.param("[tool.chatbt]\nignore = 3\n", id="no list"),
        pytest.param("[tool.chatbt\n", id="no TOML"),
    ],
)
def test_a_file_that_is_written_in_another_way_is_left_alone(text: str) -> None:
    with pytest.raises(RefusedError, match='add "CC001"'):
        ignore_in_project(Path("pyproject.toml"), "CC001", text)


def test_a_rule_that_is_ignored_already_is_not_added_again() -> None:
    with pytest.raises(RefusedError, match="ignores CC001 already"):
        ignore_in_project(Path("pyproject.toml"), "CC001", '[tool.chatbt]\nignore = ["CC001"]\n')
