"""What is shown of a text: suppressions, syntax errors, newer Python."""

import sys

import pytest

from chatbt.analysis.scopes import FileFacts
from chatbt.source.document import Document
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import SYNTAX_ERROR, UNUSED_SUPPRESSION, Problem, problems
from chatbt.workspace.profile import Profile


def found(text: str, target: tuple[int, int] = (3, 11), left: frozenset[str] = frozenset()) -> list[Problem]:
    profile = Profile(frozenset(patterns()), FileFacts(target), left)
    return problems(Checker(Document.from_text("x.py", text), profile))


def ids(text: str, target: tuple[int, int] = (3, 11)) -> list[str]:
    return [one.id for one in found(text, target)]


BAD = "def f(a=[]):{comment}\n    a.append(1)\n"


@pytest.mark.parametrize(
    "comment",
    [
        "  # chatbt: ignore",
        "  # chatbt: ignore[CC001]",
        "  # chatbt:ignore[mutable-default-argument]",
        "  # chatbt: ignore[CC001] the cache is wanted",
        "  # noqa",
        "  # noqa: B006",
        "  # NOQA: E501, B006",
        "  # noqa: CC001",
    ],
)
def test_a_comment_on_its_line_silences_a_finding(comment: str) -> None:
    assert ids(BAD.format(comment=comment)) == []


@pytest.mark.parametrize("comment", ["  # noqa: E501", "  # nothing"])
def test_a_comment_about_something_else_silences_nothing(comment: str) -> None:
    assert ids(BAD.format(comment=comment)) == ["CC001"]


def test_a_comment_of_ours_alone_on_its_line_speaks_of_the_next_line_of_code() -> None:
    assert ids("# chatbt: ignore[CC001]\n\n" + BAD.format(comment="")) == []


def test_a_comment_for_the_file_silences_every_chunk() -> None:
    text = BAD.format(comment="") + "class A:\n    def f(self, a=[]):\n        a.append(1)\n"
    assert ids(text + "# chatbt: ignore-file[CC001]\n") == []
    assert ids("# ruff: noqa: B006\n" + text) == []


def test_a_string_that_looks_like_a_comment_silences_nothing() -> None:
    assert ids('def f(a=[], b="# noqa"):\n    a.append(b)\n') == ["CC001"]


def test_a_comment_of_ours_that_silences_nothing_is_reported_at_its_id() -> None:
    (problem,) = found("x = 1  # chatbt: ignore[CC001]\n")
    assert (problem.id, problem.stretch.start.column, problem.stretch.end.column) == (UNUSED_SUPPRESSION, 24, 29)


@pytest.mark.parametrize(
    "text",
    [
        "    m = g(x)  # chatbt: ignore[PY023]\n    if m:\n        print(m)\n",
        "    while 1:  # chatbt: ignore[PY024]\n        m = g(x)\n        if not m:\n            break\n        h(m)\n",
        "    s = 0\n    for y in x:  # chatbt: ignore[PY033]\n        s += y.n\n    return s\n",
        "    try:\n        z(x)\n    except E:  # chatbt: ignore[PY044]\n        raise\n",
        "    try:\n        g()\n    except Aa:\n        h()\n    except Bb:  # chatbt: ignore[PY042]\n        h()\n",
    ],
)
def test_a_comment_of_ours_does_not_hide_what_it_silences(text: str) -> None:
    assert found(f"def f(x, z):\n{text}") == []


def test_an_unused_noqa_is_nobodys_business() -> None:
    assert ids("x = 1  # noqa: B006\n") == []


def test_an_unknown_id_in_a_comment_is_reported() -> None:
    (problem,) = found("x = 1  # chatbt: ignore[XX999]\n")
    assert "`XX999` is no rule" in problem.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("return 1\n", "'return' outside function"),
        ("def f(a, a):\n    pass\n", "duplicate argument 'a' in function definition"),
        ("class A:\n    def f(self):\n        break\n", "'break' outside loop"),
        ("def f():\n    await x\n", "'await' outside async function"),
        ("x = 1\ndef f():\n    nonlocal x\n", "no binding for nonlocal 'x' found"),
        ("x = 1\n\ndef f(): ...\n\nfrom __future__ import annotations\n", "must occur at the beginning"),
        ("class A:\n    x = 1\n    return x\n", "'return' outside function"),
    ],
)
def test_what_only_the_compiler_finds_is_a_syntax_error_too(text: str, message: str) -> None:
    (problem,) = found(text)
    assert problem.id == SYNTAX_ERROR
    assert message in problem.message


def test_broken_code_keeps_the_findings_of_the_other_chunks() -> None:
    text = (
        "def broken(:\n    pass\n\n"
        + BAD.format(comment="")
        + "class A:\n    def g(:\n        x\n"
        + ("    def f(self, a=[]):\n        a.append(1)\n")
    )
    assert ids(text) == [SYNTAX_ERROR, "CC001", SYNTAX_ERROR, "CC001"]


def test_an_open_string_in_one_function_costs_no_finding_of_another() -> None:
    text = 'def broken():\n    """Open\n\n' + BAD.format(comment="") + '\ndef g():\n    """Doc."""\n'
    assert ids(text) == [SYNTAX_ERROR, "CC001"]


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python reads the text")
def test_code_for_a_newer_python_is_no_error_when_that_is_the_target() -> None:
    newer = "type Pair[T] = tuple[T, T]\n" if sys.version_info < (3, 12) else "try:\n    x()\nexcept A, B:\n    y()\n"
    target = (3, 12) if sys.version_info < (3, 12) else (3, 14)
    assert ids(newer, target) == []
    assert ids(newer, (3, 11)) == [SYNTAX_ERROR]
    assert ids("def f(:\n", target) == [SYNTAX_ERROR]


def test_a_class_header_for_a_newer_python_is_no_error_when_that_is_the_target() -> None:
    newer = "class Pair[T]:\n    x: T\n" if sys.version_info < (3, 12) else "class Pair[T = int]:\n    x: T\n"
    assert ids(newer, (3, 13)) == []


def test_what_is_left_to_ruff_is_found_but_not_shown() -> None:
    (problem,) = found(BAD.format(comment=""), left=frozenset(["CC001"]))
    assert not problem.shown
