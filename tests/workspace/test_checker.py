"""The incremental checker: after any edit, the findings of a fresh checker of the same text."""

import random
import sysconfig
from pathlib import Path

import pytest

from chatbt.analysis.scopes import FileFacts
from chatbt.source.document import Document, Position, Range
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import problems
from chatbt.workspace.profile import Profile

STDLIB = Path(sysconfig.get_path("stdlib"))
ALL = Profile(frozenset(patterns()), FileFacts((3, 11)))
PIECES = (
    "", "x", "(", ")", '"""', "'", "\\", "\n", "\r", "\r\n", "    ", "\t", "\f", "# c", "é😀", "[", "}", ":", " ",
    "def f(a=[]):\n    return a\n", "class A:\n    items = []\n    def add(self, x):\n        self.items.append(x)\n",
    "import os\n", "from os import path as p\n", "from x import *\n", "list = 1\n", "async def save(): ...\n",
    "    async def save(self): ...\n", "global f\n", "else:\n", "@d\n", "# chatbt: ignore\n", "x = f'a'\n", "return\n",
    "# chatbt: ignore-file[CC001]\n", "del x\n", "    def m(self, a={}):\n        self.a = a\n",
)  # fmt: skip


def shown(checker: Checker) -> list[tuple[str, Range, str, str]]:
    return [(one.id, one.stretch, one.message, one.severity) for one in problems(checker)]


def edit_at_random(checker: Checker, chance: random.Random, last: int) -> int:
    document = checker.document
    line = chance.randrange(1, len(document.lines) + 2)
    if chance.random() < 0.6:
        line = min(max(1, last + chance.randrange(-6, 7)), len(document.lines) + 1)
    text = document.line(line)
    column = len(text[: chance.randrange(len(text) + 1)].encode())
    start = end = Position(line, column)
    if chance.random() < 0.3:
        end = Position(line, len(text.encode()))
    elif chance.random() < 0.3:
        end = Position(min(line + chance.randrange(5), len(document.lines) + 1), 0)
    checker.edit(Range(start, max(start, end)), chance.choice(PIECES))
    return line


@pytest.mark.parametrize("name", ["getopt.py", "contextlib.py", "asyncio/tasks.py", "shelve.py", "textwrap.py"])
def test_after_any_edits_the_findings_are_those_of_the_whole_text(name: str, fuzz_edits: int) -> None:
    text = (STDLIB / name).read_text(encoding="utf-8")
    chance = random.Random(name)
    checker = Checker(Document.from_text("x.py", text), ALL)
    line = 1
    for number in range(fuzz_edits):
        if number % 12 == 0:
            checker.reset(Document.from_text("x.py", text))
        line = edit_at_random(checker, chance, line)
        fresh = Checker(Document.from_text("x.py", checker.document.text), ALL)
        assert shown(checker) == shown(fresh), f"edit {number}:\n{checker.document.text}"


def test_a_renamed_import_changes_the_findings_of_another_chunk() -> None:
    text = "from collections import deque\n\ndef f(a=deque()):\n    a.append(1)\n"
    checker = Checker(Document.from_text("x.py", text), ALL)
    assert [one.id for one in problems(checker)] == ["CC001"]
    checker.edit(Range(Position(1, 24), Position(1, 29)), "abc as deque")
    assert problems(checker) == []


def test_a_fork_can_be_edited_without_a_trace_in_the_original() -> None:
    checker = Checker(Document.from_text("x.py", "import re\n\ndef f(a=[]):\n    a.append(re)\n"), ALL)
    before = shown(checker)
    fork = checker.fork()
    fork.edit(Range(Position(1, 0), Position(3, 0)), "")
    assert shown(checker) == before
    assert shown(fork) == [(one[0], one[1].shifted(-2), *one[2:]) for one in before]
