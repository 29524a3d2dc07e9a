"""Rewriting a stretch of code as someone wishes: by our own fixes, and by what a model writes, up the ladder."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from chatbt.orchestrator.checks import Failure, Said, failures
from chatbt.orchestrator.grounding.snippets import snippet_around
from chatbt.orchestrator.routing import NONE, route
from chatbt.rewriting.apply import difference
from chatbt.rewriting.fix import Edit
from chatbt.source.chunks import parse_source
from chatbt.source.document import Document, Range
from chatbt.verification.generated import RUNGS
from chatbt.workspace.checker import Checker
from chatbt.workspace.fixing import Fixed, fix_all
from chatbt.workspace.trial import attempt_generated

_GENERAL = re.compile(
    r"pythonic|idiomatic|improv|clean|simplif|modern|better|nicer|tid(y|ier)|refactor|shorten|shorter|readable|fix|polish",
    re.IGNORECASE,
)
"""Wishes that all of our own fixes are for."""
_CERTAIN = 2
"""The least words of a wish by which a pattern is meant."""
_BLOCK = re.compile(r"^ *```[^\n]*\n(.*?)(?:^ *```|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What became of a wish: edits of the checker's text, or why there are none.

    `climbed` are the rungs of the ladder that the model's code has passed; `refused` says in a sentence why there is
    nothing, or nothing of the model's. `applied` counts our own fixes that are among the edits.
    """

    edits: tuple[Edit, ...] = ()
    source: Literal["fixes", "model"] = "fixes"
    climbed: tuple[str, ...] = ()
    refused: str = ""
    applied: Mapping[str, int] = field(default_factory=dict)
    figures: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole lines `first` to `last` (1-based) of a text."""

    first: int
    last: int

    def code(self, document: Document) -> str:
        """The lines."""
        return "\n".join(document.line(number) for number in range(self.first, self.last + 1))


def stretch_of(checker: Checker, place: Range) -> Stretch:
    """What is rewritten: the lines that are selected, if they are statements, else the function around them."""
    start, end = place
    last = end.line - 1 if end.column == 0 and end.line > start.line else end.line
    selected = Stretch(start.line, min(last, len(checker.document.lines)))
    if start != end and _is_code(selected.code(checker.document)):
        return selected
    around = [snippet_around(checker, line) for line in (start.line, max(last, start.line))]
    return Stretch(min(one.first for one in around), max(one.last for one in around))


def _is_code(text: str) -> bool:
    if not text.strip():
        return False
    try:
        parse_source(_dedented(text))
    except SyntaxError:
        return False
    return True


def _dedented(text: str) -> str:
    """Code at the left margin, wrapped where it is the inside of a function."""
    code = textwrap.dedent(text)
    return f"async def _():\n{textwrap.indent(code, ' ')}" if re.search(r"\b(return|yield|await)\b", code) else code


def own_fixes(checker: Checker, stretch: Stretch, wish: str) -> Fixed | None:
    """Our own fixes that a wish asks for, made in a stretch; None where it asks for something else."""
    rules = _rules_for(checker, stretch, wish)
    if rules is None and not _GENERAL.search(wish):
        return None
    lines = range(stretch.first, stretch.last + 1)
    fresh = Checker(checker.document, checker.profile)  # fixing uses it up
    fixed = fix_all(fresh, unsafe=True, everything=True, rules=rules, lines=lines)
    return fixed if fixed.applied or rules is None else None


def _rules_for(checker: Checker, stretch: Stretch, wish: str) -> frozenset[str] | None:
    """The patterns that a wish is about; None if it is about none, or about all."""
    if _GENERAL.search(wish):
        return None
    place = Range.of(stretch.first, 0, stretch.last, 1 << 30)
    found = route(wish, checker, place)
    spoken = [one.pattern for one in found.patterns if len(one.words) >= _CERTAIN] if found.specialist != NONE else []
    return frozenset(spoken[:1]) or None


def moved(stretch: Stretch, old: Document, new: Document) -> Stretch:
    """Where a stretch is after fixes that were made in it, which may have put imports above it."""
    above = [edit for edit in difference(old, new) if edit.stretch.end <= (stretch.first, 0)]
    growth = sum(edit.text.count("\n") - (edit.stretch.end.line - edit.stretch.start.line) for edit in above)
    return Stretch(stretch.first + growth, stretch.last + len(new.lines) - len(old.lines))


def written(text: str) -> str:
    """The code in a model's answer: its first block, or all of it where there is none."""
    block = _BLOCK.search(text)
    return (block[1] if block else text).strip("\n")


def rewrite_failures(said: Said) -> list[Failure]:
    """What is wrong with an answer that should be code: it is cut off, or it is none."""
    found = [one for one in failures(said) if one.check == "blocks"]
    if not said.ended:
        found.append(Failure("ending", "is cut off in the middle"))
    elif not found and not _is_code(written(said.text)):
        found.append(Failure("blocks", "is no Python code"))
    return found


def replaced(document: Document, stretch: Stretch, code: str) -> Document:
    """A document with other code in a stretch, indented as what stood there."""
    first = next((line for line in stretch.code(document).split("\n") if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    lines = textwrap.indent(textwrap.dedent(code).rstrip(), indent).split("\n")
    text = "".join(f"{line}{document.line_ending}" for line in lines)
    whole = Range.of(stretch.first, 0, stretch.last + 1, 0)
    return document.replaced(whole, text, document.version)[0]


def climbed(checker: Checker, new: Document, fixed: Fixed | None) -> Rewrite:
    """Take a text in which a model has rewritten something up the ladder."""
    edits = tuple(difference(checker.document, new))
    if not edits:
        return Rewrite((), "model", (), "The model changed nothing.")
    fall = attempt_generated(checker, edits).fall
    if fall is None:
        return Rewrite(edits, "model", tuple(map(str, RUNGS)), "", fixed.applied if fixed else Counter())
    passed = tuple(map(str, RUNGS[: RUNGS.index(fall.rung)]))
    return own(checker, fixed, f"The model's code was refused on the rung “{fall.rung}”: {fall.reason}.", passed)


def own(checker: Checker, fixed: Fixed | None, refused: str, passed: Sequence[str] = ()) -> Rewrite:
    """What our own fixes make of a wish, and why there is nothing of a model's."""
    if fixed is None or not fixed.applied:
        return Rewrite((), "fixes", tuple(passed), refused or "No fix of ChatBT changes anything here.")
    edits = tuple(difference(checker.document, fixed.checker.document))
    return Rewrite(edits, "fixes", tuple(passed), refused, fixed.applied)
