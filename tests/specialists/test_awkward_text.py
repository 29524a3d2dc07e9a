"""Every case of every pattern in awkward surroundings: the same is found, and its fix is the same in their text."""

import re
import sys
import textwrap
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import pytest

from chatbt.analysis.scopes import FileFacts
from chatbt.rewriting.apply import apply
from chatbt.source.document import Document
from chatbt.specialists.pattern import Pattern
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import problems
from chatbt.workspace.fixing import fix_of
from chatbt.workspace.profile import Profile
from chatbt.workspace.trial import attempt
from tests.specialists.cases import Case, read_cases
from tests.specialists.test_cases import cases_file

_IMPORTS = re.compile(r"(?:(?:#|from |import ).*\n|\s*\n|(['\"]{3})(?s:.*?)\1\n)*")

# Where the surroundings matter, by what they change: for a fix or a finding that then differs, as it should.
DIFFERENT = {
    "a variable of a module may be used by others, one of a function may not": (
        "CC004: an error disappears",
        "CC004: continue stays, two spaces, a logger by another name",
        "CC004: nothing is called: the function names what failed",
        "CC033: another chunk may see the variable",
        "PY014: in a module, where others may import the variable",
        "SL008: a decorator",
        "SL008: the name is taken",
        "SL023: a logger that is made later is one too",
        "SL025: another module may import what a module binds",
    ),
    "a class of a module has its methods in chunks of their own": (
        "CC024: no fix where the __init__ of a top-level class is to be extended",
        "PY037: a class of the module, whose methods are chunks of their own",
    ),
    "what a module needs more goes above the block, or the line": (
        "CC026: a task that is thrown away",
        "CC026: in a method, several lines, a name that is taken",
        "CC026: a set of tasks that is there already is used",
        "CC026: the loop in a variable; the name of the set is taken",
        "CC026: no fix beside another statement, nor at module level",
    ),
    "an async function can await, and can be cancelled": (
        "CC005: an inner function that raises is not run here",
        "CC005: Exception is not the builtin: no fix can name it",
        "CC005: narrow handlers before it change nothing",
        "CC006: outside an async function nothing can be awaited",
    ),
    "the line gets too long": (
        "PY004: one line, and what must stand in brackets",
        "PY011: widths, signs and bases",
    ),
    "a variable may be read when the handler fails": (
        "PY034: what is found is kept, in a module",
        "PY034: an annotated variable, a tuple of names, a default of its own, tabs",
    ),
    "the word `match` is in use": ("SL019: the start of a string",),
    "nothing is in line with a bracket behind tabs, nor tells the step of what is not indented": (
        "CC001: two spaces, and a default over several lines with a comment",
        "CC015: read in one go",
        "PY004: an element over several lines",
        "PY006: a condition over several lines",
        "PY029: lines that are aligned with the bracket, and a string that is not",
        "PY029: a set whose lines are aligned",
    ),
}
_DIFFERENT = {case for cases in DIFFERENT.values() for case in cases}


class Found(NamedTuple):
    """A finding: its message, its fix with the class and the ladder's word, and the text after it if it passes."""

    message: str
    fix: str
    after: str


def found(pattern: Pattern, case: Case, code: str) -> list[Found]:
    file = FileFacts(case.target, stub=case.path.endswith(".pyi"), test=case.path.startswith("test_"))
    document = Document.from_text(case.path, code)
    checker = Checker(document, Profile(frozenset([pattern.id]), file))
    results = []
    for problem in problems(checker, suggestions=True):
        assert problem.report is not None, problem
        fix = fix_of(checker, problem.chunk, problem.state, problem.report)
        if fix is None:
            results.append(Found(problem.message, "", ""))
            continue
        trial = attempt(checker, fix.edits, problem.report)
        after = apply(document, fix.edits).text if trial.checker else ""
        if trial.checker is not None:
            assert reads(after)
            assert after == trial.checker.document.text
        results.append(Found(problem.message, f"{fix.title} {fix.safe} {trial.fall}", after))
    return results


def reads(code: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(code.removeprefix("\ufeff"), "", "exec", dont_inherit=True)
        except SyntaxError:
            return False
    return True


def with_tabs(code: str) -> str:
    return re.sub(r"^(?:    )+", lambda spaces: "\t" * (len(spaces[0]) // 4), code, flags=re.MULTILINE)


def behind(line: str) -> Callable[[str], str]:
    """Puts a line behind the imports at the top."""

    def change(code: str) -> str:
        top = _IMPORTS.match(code)
        assert top is not None
        return code[: top.end()] + line + code[top.end() :]

    return change


def below(header: str) -> Callable[[str], str]:
    """Puts what follows the imports at the top into a block."""
    last = header.splitlines()[-1]
    indent = " " * (len(last) - len(last.lstrip()) + 4)

    def change(code: str) -> str:
        top = _IMPORTS.match(code)
        assert top is not None
        changed = header + textwrap.indent(code[top.end() :], indent)
        return code[: top.end()] + (with_tabs(changed) if "\t" in code else changed)

    return change


AROUND: dict[str, Callable[[str], str]] = {
    "CRLF": lambda code: code.replace("\n", "\r\n"),
    "tabs": with_tabs,
    "a byte order mark": lambda code: "\ufeff# é\n" + code,
    "no line ending at the end": lambda code: code.removesuffix("\n"),
    "a line with emoji": behind("x_ = '😀é'; print('😀')  # 😀\n"),
    "a line of several statements": behind("if True: pass; x_ = (y_ := 1)\n"),
    "a decorated method": below("class A_:\n    @d_\n    async def f_(self):\n"),
    "a case": below("match 1:\n    case 1:\n"),
    "except*": below("try:\n    f_()\nexcept* ValueError:\n"),
}
if sys.version_info >= (3, 12):
    AROUND["type parameters"] = below("class A_[T_]:\n    def f_[U_](self):\n")


@lru_cache
def plain(pattern: Pattern) -> list[tuple[Case, list[Found]]]:
    cases = [case for case in read_cases(cases_file(pattern)) if not case.silent and "\r" not in case.code]
    return [(case, found(pattern, case, case.code)) for case in cases]


def normal(results: list[Found], change: Callable[[str], str] = str) -> list[Found]:
    """The results in changed surroundings; how many blank lines follow an import depends on what is below it."""
    return [one._replace(after=re.sub(r"(\r?\n)\s*\n", r"\1", change(one.after)).rstrip()) for one in results]


@pytest.mark.parametrize("pattern", patterns().values(), ids=patterns().keys())
@pytest.mark.parametrize("around", AROUND)
def test_surroundings_change_nothing(pattern: Pattern, around: str) -> None:
    change = AROUND[around]
    for case, wanted in plain(pattern):
        code = change(case.code)
        if reads(code):
            results = found(pattern, case, code)
            if f"{pattern.id}: {case.name}" not in _DIFFERENT:
                assert normal(results) == normal(wanted, lambda text: text and change(text)), case.name
            if around == "CRLF":
                assert not any(re.search(r"(?<!\r)\n|\r(?!\n)", one.after) for one in results)
