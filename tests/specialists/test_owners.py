"""Where two patterns could speak of one place, its owner speaks alone."""

import textwrap

import pytest

from chatbt.analysis.scopes import FileFacts
from chatbt.source.document import Document
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import problems
from chatbt.workspace.profile import Profile

OWNED = {
    "a regular expression in a loop": ("CC029", "SL019", """
        import re

        def f(lines):
            for line in lines:
                print(re.sub("a", "b", line))
    """),
    "an exception that is logged as text": ("SL023", "SL022", """
        import logging
        try:
            f()
        except Exception as error:
            logging.error(f"failed: {error}")
    """),
    "a command that is put together": ("CC016", "SL024", """
        import subprocess

        def f(name):
            subprocess.run(f"tar xf {name}", shell=True)
    """),
    "a program that is waited for in an async function": ("CC027", "SL024", """
        import subprocess

        async def f():
            subprocess.run(["make"])
    """),
}  # fmt: skip


def found(code: str, *patterns: str) -> set[str]:
    profile = Profile(frozenset(patterns), FileFacts((3, 11)))
    checker = Checker(Document.from_text("a.py", textwrap.dedent(code)), profile)
    return {problem.id for problem in problems(checker, suggestions=True)}


@pytest.mark.parametrize(("owner", "other", "code"), OWNED.values(), ids=OWNED.keys())
def test_the_owner_speaks_alone(owner: str, other: str, code: str) -> None:
    assert found(code, owner, other) == {owner}
    assert found(code, other) == {other}
