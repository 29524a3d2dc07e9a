"""Instances: findings of the patterns with the code around them, made by ChatBT's own detectors.

From two sources: the standard library as it is, and code that is made anew of the patterns' examples, of their test
cases and of what was found in the library (`training.mutate`). Of the latter only what the detector still finds is
kept. All of it is a function of the seed and of the running interpreter's library.
"""

import ast
import logging
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from random import Random

from chatbt.analysis.scopes import FileFacts
from chatbt.orchestrator.grounding.ground import ground_of, tidy
from chatbt.orchestrator.prompts import LONGEST_CODE, Asked
from chatbt.source.document import Document
from chatbt.specialists.cards import card_of
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import Problem, problems
from chatbt.workspace.profile import Profile
from training.mutate import mutated
from training.names import Vocabulary, library, library_files

log = logging.getLogger(__name__)
_FACTS = FileFacts((3, 12))
_CASE = re.compile(r"^## +(?P<name>.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```python[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_ROOMS = (6, 8, 8, 10, 12, 16, LONGEST_CODE)
"""How many lines of code are shown, by chance."""
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


def instance_of(
    checker: Checker, problem: Problem, source: str, held_out: bool, *, room: int = LONGEST_CODE
) -> Instance | None:
    """What is put to the models of a finding, with at most `room` lines; None where it is too wide to be shown."""
    if problem.report is None or any(chunk.parsed.fault is not None for chunk, _ in checker.chunks()):
        return None
    ground = ground_of(checker, problem)
    code, _ = ground.code(room)
    if tidy(code) != code:
        return None
    return Instance(ground.asked(room), ground.rewritten(room), source, held_out)


def default_files() -> list[Path]:
    """The files of the library that are searched, in an order that mixes packages."""
    return sorted(library_files(), key=lambda file: zlib.crc32(file.name.encode()))
