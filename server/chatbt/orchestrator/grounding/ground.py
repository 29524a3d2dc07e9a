"""What is known of a finding that can be said to a model: its lines, its fix, and what the lines read after it."""

import ast
import difflib
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from chatbt.orchestrator.grounding.snippets import Snippet, cut, snippet_around
from chatbt.orchestrator.prompts import LONGEST_CODE, Asked
from chatbt.rewriting.apply import ordered
from chatbt.rewriting.fix import Fix
from chatbt.source.chunks import Chunk
from chatbt.source.document import Document
from chatbt.specialists.cards import card_of
from chatbt.specialists.pattern import Pattern
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import Problem
from chatbt.workspace.fixing import fix_of
from chatbt.workspace.trial import attempt

LONGEST_LINE = 110
_NAME = re.compile(r"[^\W\d]\w*")
_LONGEST_QUOTED = 80
_LONGEST_REWRITTEN = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A finding and the checker that found it: what is talked about."""

    checker: Checker
    problem: Problem

    @property
    def pattern(self) -> Pattern | None:
        """The pattern of the finding; None where it is none's, as a syntax error is."""
        return self.problem.report.pattern if self.problem.report else None


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A finding with the lines of its snippet, its fix if one reaches the top of the ladder, and the text after it."""

    problem: Problem
    document: Document
    target: tuple[int, int]
    snippet: Snippet
    fix: Fix | None
    after: Document | None
    imports: tuple[str, ...] = ()
    """The imports at the top of the file that the snippet uses."""

    @property
    def lines(self) -> list[str]:
        """The lines of the snippet."""
        return [self.document.line(number) for number in range(self.snippet.first, self.snippet.last + 1)]

    def code(self, room: int) -> tuple[str, int]:
        """At most `room` lines around the finding, and its place (0-based) among them."""
        shown, place = cut(self.lines, self.problem.stretch.start.line - self.snippet.first, room)
        return textwrap.dedent("\n".join(shown)).expandtabs(4), place

    @property
    def changed(self) -> str:
        """The lines that the fix brings."""
        return "\n".join(_added(self.document.lines, self.after.lines)) if self.after else ""

    def asked(self, room: int = LONGEST_CODE) -> Asked:
        """The finding as it is shown to the models, with at most `room` lines."""
        code, place = self.code(room)
        code = tidy(code)
        before = code.split("\n")[place].strip()
        added = _added(self.lines, self._new_lines()) if self.after else []
        one = added[0].strip() if len(added) == 1 else ""
        return Asked(
            self.problem.id,
            card_of(patterns()[self.problem.id]).title,
            self.problem.message,
            code,
            place + 1,
            before if len(before) <= _LONGEST_QUOTED else "",
            self.fix.title if self.fix else "",
            self.fix.safe if self.fix else False,
            one if len(one) <= _LONGEST_QUOTED and _is_whole(one) else "",
            self.snippet.function,
            self.snippet.owner,
        )

    def rewritten(self, room: int = LONGEST_CODE) -> str:
        """The code after the fix, below the imports that it brings; "" where there is none, or too much of it."""
        if self.fix is None or self.after is None or len(self.lines) > room:
            return ""
        above = [edit for edit in ordered(self.fix.edits) if edit.stretch.end <= (self.snippet.first, 0)]
        top = [part for edit in above for part in edit.text.splitlines() if part.strip()]
        code = textwrap.dedent("\n".join(self._new_lines())).expandtabs(4)
        text = "\n".join([*top, *([""] if top else []), code])
        return text if len(text) <= _LONGEST_REWRITTEN else ""

    def _new_lines(self) -> list[str]:
        """The lines of the snippet after the fix."""
        assert self.fix is not None and self.after is not None
        above = [edit for edit in ordered(self.fix.edits) if edit.stretch.end <= (self.snippet.first, 0)]
        growth = sum(edit.text.count("\n") - (edit.stretch.end.line - edit.stretch.start.line) for edit in above)
        stop = len(self.after.lines) - (len(self.document.lines) - self.snippet.last)
        return [self.after.line(number) for number in range(self.snippet.first + growth, stop + 1)]


def ground_of(checker: Checker, problem: Problem) -> Ground:
    """What can be said of a pattern's finding. Makes its fix, which costs some milliseconds."""
    report = problem.report
    assert report is not None
    snippet = snippet_around(checker, problem.stretch.start.line)
    fix = fix_of(checker, problem.chunk, problem.state, report)
    tried = attempt(checker, fix.edits, report).checker if fix is not None else None
    return Ground(
        problem,
        checker.document,
        checker.profile.file.target,
        snippet,
        fix if tried is not None else None,
        tried.document if tried is not None else None,
        imports_of(checker, snippet),
    )


def imports_of(checker: Checker, snippet: Snippet) -> tuple[str, ...]:
    """The imports above a snippet that it uses."""
    document = checker.document
    used = set(_NAME.findall("\n".join(document.line(one) for one in range(snippet.first, snippet.last + 1))))
    above = (node for chunk, _ in checker.chunks() if chunk.start < snippet.first - 1 for node in _top(chunk))
    found = (
        node
        for node in above
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any((one.asname or one.name.partition(".")[0]) in used for one in node.names)
    )
    return tuple(map(ast.unparse, found))


def _top(chunk: Chunk) -> list[ast.stmt]:
    return chunk.parsed.body if chunk.parsed.role == "code" else []


def tidy(code: str) -> str:
    """Code with no character that cannot be printed and no line that is too wide."""
    lines = ("".join(one if one.isprintable() else "?" for one in line) for line in code.split("\n"))
    return "\n".join(line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 4]} ..." for line in lines)


def _is_whole(line: str) -> bool:
    """Whether what a line opens it also closes."""
    return all(line.count(one) == line.count(other) for one, other in ("()", "[]", "{}")) and "`" not in line


def _added(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """The lines that are in `new` and were not in `old`."""
    found: list[str] = []
    for tag, _, _, start, stop in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag in ("insert", "replace"):
            found += new[start:stop]
    return found
