"""Instances: findings of the patterns with the code around them, made by ChatBT's own detectors.

From two sources: the standard library as it is, and code that is made anew of the patterns' examples, of their test
cases and of what was found in the library (`training.mutate`). Of the latter only what the detector still finds is
kept. All of it is a function of the seed and of the running interpreter's library.
"""

import ast
import difflib
import logging
import re
import textwrap
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from random import Random

from chatbt.analysis.scopes import FileFacts
from chatbt.orchestrator.prompts import LONGEST_CODE, Asked
from chatbt.rewriting.apply import ordered
from chatbt.source.document import Document
from chatbt.specialists.cards import card_of
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import Problem, problems
from chatbt.workspace.fixing import fix_of
from chatbt.workspace.profile import Profile
from chatbt.workspace.trial import attempt
from training.mutate import mutated
from training.names import Vocabulary, library, library_files

log = logging.getLogger(__name__)
_FACTS = FileFacts((3, 12))
_CASE = re.compile(r"^## +(?P<name>.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```python[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_ROOMS = (6, 8, 8, 10, 12, 16, LONGEST_CODE)
"""How many lines of code are shown, by chance."""
_LONGEST_LINE = 110
_HELD_FILES = 10
"""One file of the library in so many gives held-out instances only."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A finding as it is put to the models, the code after its fix ("" if none), and where it comes from."""

    asked: Asked
    rewritten: str
    source: str
    held_out: bool

    def as_dict(self) -> dict[str, object]:
        """What is written to a file."""
        return asdict(self)

    @classmethod
    def of(cls, found: dict[str, object]) -> "Instance":
        """What was read from a file."""
        return cls(**{**found, "asked": Asked(**found["asked"])})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Base:
    """Code in which a pattern finds something, to make other code of."""

    pattern: str
    code: str
    source: str
    held_out: bool = False


def make(*, seed: int, each: int, held_out: int, cases: Path | None, files: Sequence[Path] = ()) -> Iterator[Instance]:
    """Up to `each` instances of every pattern to train with, and up to `held_out` to measure with.

    `cases` is the folder of the patterns' test cases, `files` are those of the library that are searched.
    """
    bases: dict[str, list[Base]] = {id_: [] for id_ in patterns()}
    counted: Counter[tuple[str, bool]] = Counter()
    for base in [*_examples(), *(_cases(cases) if cases is not None else ())]:
        bases[base.pattern].append(base)
    for instance, base in in_library(files, most=each // 3):
        share = held_out // 3 if instance.held_out else each // 3
        if counted[instance.asked.pattern, instance.held_out] < share:
            counted[instance.asked.pattern, instance.held_out] += 1
            yield instance
        bases[base.pattern].append(base)
    for id_, own in bases.items():
        for is_held, wanted in ((False, each), (True, held_out)):
            missing = wanted - counted[id_, is_held]
            made = by_mutation(_shared_out(own, is_held), missing, seed=seed, held_out=is_held)
            found = 0
            for instance in made:
                found += 1
                yield instance
            if found < missing:
                log.info("%s: %d of %d %s instances", id_, found, missing, "held-out" if is_held else "training")


def _shared_out(bases: Sequence[Base], held_out: bool) -> list[Base]:
    """The bases for one of the two kinds: what is from a held-out file stays on its side, cases serve both."""
    hand_made = [one for one in bases if not one.source.startswith("library:")]
    found = [one for one in bases if one.source.startswith("library:") and one.held_out is held_out]
    # The cases show what the library lacks; real code must not drown them.
    return hand_made + found[: max(2 * len(hand_made), 12)]


def by_mutation(bases: Sequence[Base], count: int, *, seed: int, held_out: bool) -> Iterator[Instance]:
    """Instances made of `bases`, no two with the same code."""
    if not bases:
        return
    id_ = bases[0].pattern
    random = Random(f"{seed} {id_} {held_out}")
    vocabulary = Vocabulary(random, held_out)
    profile = profile_of(id_)
    seen: set[str] = set()
    made = 0
    for number in range(count * 6 + 60):
        if made == count:
            return
        base = bases[number % len(bases)]
        code = mutated(base.code, random, vocabulary)
        if code is None or code in seen:
            continue
        seen.add(code)
        checker = Checker(Document.from_text("example.py", code), profile)
        found = [one for one in problems(checker, suggestions=True) if one.id == id_]
        if not found:
            continue
        instance = instance_of(
            checker, random.choice(found), f"{base.source}#{number}", held_out, room=random.choice(_ROOMS)
        )
        if instance is not None:
            made += 1
            yield instance


@cache
def profile_of(id_: str) -> Profile:
    """One pattern, and those that it leaves places to."""
    return Profile(frozenset([id_, *patterns()[id_].yields_to]), _FACTS)


def in_library(files: Iterable[Path], *, most: int) -> Iterator[tuple[Instance, Base]]:
    """What the patterns find in real files, each pattern at most four times a file and `most` times in all."""
    profile = Profile(frozenset(patterns()), _FACTS)
    counted: Counter[str] = Counter()
    root = library()
    for file in files:
        text = file.read_text(encoding="utf-8", errors="replace")
        if len(text) > 200_000 or "\r" in text or "\f" in text:
            continue
        name = file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name
        held_out = zlib.crc32(name.encode()) % _HELD_FILES == 0
        checker = Checker(Document.from_text(name, text), profile)
        here: Counter[str] = Counter()
        for problem in problems(checker, suggestions=True):
            if problem.report is None or here[problem.id] == 4 or counted[problem.id] >= 2 * most:
                continue
            instance = instance_of(checker, problem, f"library:{name}", held_out, room=_ROOMS[len(here) % len(_ROOMS)])
            if instance is None:
                continue
            here[problem.id] += 1
            counted[problem.id] += 1
            code = _with_imports(instance.asked.code, text)
            yield instance, Base(problem.id, code, f"library:{name}", held_out)


def _with_imports(code: str, text: str) -> str:
    """The snippet below those imports of its file that it uses."""
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return code
    lines: list[str] = []
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            used = [
                one
                for one in node.names
                if one.name != "*" and re.search(rf"\b{(one.asname or one.name).partition('.')[0]}\b", code)
            ]
            if used:
                one = (
                    ast.Import(used) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, used, node.level)
                )
                lines.append(ast.unparse(one))
    return "\n".join([*lines, "", "", code]) if lines else code


def _examples() -> Iterator[Base]:
    for pattern in patterns().values():
        yield Base(pattern.id, card_of(pattern).before, f"example:{pattern.id}")


def _cases(folder: Path) -> Iterator[Base]:
    """The code of the cases in which something is found."""
    known = {pattern.name.replace("-", "_"): pattern.id for pattern in patterns().values()}
    for file in sorted(folder.glob("*/*.md")):
        parts = _CASE.split(file.read_text(encoding="utf-8"))
        for name, body in zip(parts[1::2], parts[2::2], strict=True):
            fence = _FENCE.search(body)
            if fence and "⟦" in fence.group(1) and not name.startswith("silent:") and file.stem in known:
                code = fence.group(1).replace("⟦", "").replace("⟧", "")
                yield Base(
                    known[file.stem], code.replace("é", "e").replace("ü", "u"), f"case:{known[file.stem]}:{name}"
                )


@dataclass(frozen=True, slots=True)
class Snippet:
    """Lines `first` to `last` (1-based) of a text that a finding is shown in; `cut` if some between are left out."""

    first: int
    last: int
    function: str
    owner: str


def snippet_around(text: str, line: int) -> Snippet | None:
    """The innermost function around a line, or the statement at the top with its neighbours."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return None
    body: Sequence[ast.stmt] = tree.body
    function, owner = "", ""
    chosen: tuple[int, int] | None = None
    while True:
        inside = next((one for one in body if _first(one) <= line <= _last(one)), None)
        if inside is None:
            break
        if isinstance(inside, ast.FunctionDef | ast.AsyncFunctionDef):
            if chosen is None or _last(inside) - _first(inside) >= 2 or not function:
                function, chosen = inside.name, (_first(inside), _last(inside))
        elif isinstance(inside, ast.ClassDef):
            owner, chosen, function = inside.name, (_first(inside), _last(inside)), ""
        elif chosen is None:
            chosen = _first(inside), _last(inside)
        parts = [getattr(inside, name, []) for name in ("body", "orelse", "finalbody")]
        parts += [one.body for one in [*getattr(inside, "handlers", []), *getattr(inside, "cases", [])]]
        body = [one for part in parts for one in part]
    if chosen is None:
        return None
    if not function and not owner:
        chosen = _with_neighbours(tree.body, chosen, line)
    return Snippet(*chosen, function, owner)


def _with_neighbours(body: Sequence[ast.stmt], chosen: tuple[int, int], line: int) -> tuple[int, int]:
    first, last = chosen
    for one in body:
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if line - 8 <= _first(one) < first:
                first = _first(one)
            if last < _last(one) <= line + 6:
                last = _last(one)
    return first, last


def _first(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


def _last(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def instance_of(
    checker: Checker, problem: Problem, source: str, held_out: bool, *, room: int = LONGEST_CODE
) -> Instance | None:
    """What is put to the models of a finding, with at most `room` lines; None where it is too wide to be shown."""
    report = problem.report
    if report is None:
        return None
    document = checker.document
    line = problem.stretch.start.line
    snippet = snippet_around(document.text, line)
    if snippet is None:
        return None
    lines = [document.line(number) for number in range(snippet.first, snippet.last + 1)]
    shown, place = _cut(lines, line - snippet.first, room)
    code = textwrap.dedent("\n".join(shown)).expandtabs(4)
    if not code.isprintable() and not code.replace("\n", "").isprintable():
        return None
    shown = code.split("\n")
    if max(map(len, shown)) > _LONGEST_LINE:
        return None
    title, safe, after, rewritten = "", False, "", ""
    fix = fix_of(checker, problem.chunk, problem.state, report)
    if fix is not None:
        trial = attempt(checker, fix.edits, report)
        if trial.checker is not None:
            title, safe = fix.title, fix.safe
            new = trial.checker.document
            in_order = ordered(fix.edits)
            above = [edit for edit in in_order if edit.stretch.end <= (snippet.first, 0)]
            growth = sum(edit.text.count("\n") - (edit.stretch.end.line - edit.stretch.start.line) for edit in above)
            stop = len(new.lines) - (len(document.lines) - snippet.last)
            new_lines = [new.line(number) for number in range(snippet.first + growth, stop + 1)]
            added = _added(lines, new_lines)
            if len(added) == 1 and len(added[0].strip()) <= 80 and _is_whole(added[0]):
                after = added[0].strip()
            if len(lines) <= room:
                top = [part for edit in above for part in edit.text.splitlines() if part.strip()]
                rewritten = "\n".join(
                    [*top, *([""] if top else []), textwrap.dedent("\n".join(new_lines)).expandtabs(4)]
                )
                if len(rewritten) > 1000:
                    rewritten = ""
    before = shown[place].strip()
    page = card_of(report.pattern).title
    asked = Asked(
        problem.id, page, problem.message, code, place + 1, before if len(before) <= 80 else "", title, safe, after,
        snippet.function, snippet.owner,
    )  # fmt: skip
    return Instance(asked, rewritten, source, held_out)


def _cut(lines: Sequence[str], place: int, room: int) -> tuple[list[str], int]:
    """At most `room` lines, the first and those around `place` (0-based), and the place among them."""
    if len(lines) <= room:
        return list(lines), place
    start = max(place - room // 2, 0)
    if start <= 2 and place < room:
        return list(lines[:room]), place
    near = lines[start]
    indent = near[: len(near) - len(near.lstrip())]
    return [lines[0], f"{indent}...", *lines[start : start + room - 2]], place - start + 2


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


def default_files() -> list[Path]:
    """The files of the library that are searched, in an order that mixes packages."""
    return sorted(library_files(), key=lambda file: zlib.crc32(file.name.encode()))
