"""How many explanations the checks refuse: `python -m tests.orchestrator.measure_explanations [--count N] [--seed S]`.

Asks the user's engine (the one that is running, or its settings' one) about findings in the standard library, and
prints the shares and ten explanations, unpicked.
"""

import argparse
import asyncio
import sys
import sysconfig
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from time import perf_counter

from chatbt.analysis.scopes import FileFacts
from chatbt.engine.reach import Reach
from chatbt.orchestrator.speaker import Piece, Speaker, Subject
from chatbt.source.document import Document
from chatbt.specialists.registry import patterns
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import problems
from chatbt.workspace.profile import Profile

SHOWN = 10
_LONGEST = 100_000
_IN_A_FILE = 4


def found(count: int, seed: int) -> list[Subject]:
    """Findings in the standard library: no more than a few of a file, as even among the patterns as it goes."""
    random = Random(seed)
    root = Path(sysconfig.get_paths()["stdlib"])
    files = [one for one in sorted(root.rglob("*.py")) if not {"site-packages", "test", "tests"} & set(one.parts)]
    random.shuffle(files)
    counted: Counter[str] = Counter()
    chosen: list[Subject] = []
    for file in files:
        subjects = list(_in_file(file))
        random.shuffle(subjects)
        subjects.sort(key=lambda one: counted[one.problem.id])
        for subject in subjects[:_IN_A_FILE]:
            counted[subject.problem.id] += 1
            chosen.append(subject)
        if len(chosen) >= count:
            break
    return chosen[:count]


def _in_file(file: Path) -> Iterator[Subject]:
    text = file.read_text(encoding="utf-8", errors="replace")
    if len(text) <= _LONGEST:
        checker = Checker(Document.from_text(str(file), text), Profile(frozenset(patterns()), FileFacts((3, 12))))
        yield from (Subject(checker, one) for one in problems(checker, suggestions=True) if one.report is not None)


async def explained(subjects: Sequence[Subject], at_once: int) -> tuple[list[Piece], Speaker]:
    """The last piece of each explanation."""
    reach = Reach()
    speaker = Speaker(reach.client)
    places = asyncio.Semaphore(at_once)

    async def one(subject: Subject) -> Piece:
        async with places:
            return [piece async for piece in speaker.explain(subject)][-1]

    try:
        return list(await asyncio.gather(*map(one, subjects))), speaker
    finally:
        await reach.close()


def report(subjects: Sequence[Subject], pieces: Sequence[Piece], speaker: Speaker, seconds: float) -> str:
    """The shares, by check, and the first explanations."""
    count = len(pieces)
    outcomes = Counter(kind for (_, kind), number in speaker.outcomes.counted.items() for _ in range(number))
    lines = [f"{count} explanations in {seconds:.0f} s"]
    lines += [f"  {kind}: {number} ({number / count:.1%})" for kind, number in outcomes.most_common()]
    lines.append("texts refused, by check (a text may fail several):")
    lines += [f"  {check}: {number}" for check, number in speaker.outcomes.failed.most_common()]
    for subject, piece in list(zip(subjects, pieces, strict=True))[:SHOWN]:
        problem = subject.problem
        place = f"{Path(subject.checker.document.uri).name}:{problem.stretch.start.line}"
        note = f"\n   ({piece.note})" if piece.note else ""
        text = piece.text if piece.source == "model" else "[card]"
        lines.append(f"\n{place} {problem.id}: {problem.message}\n   {text}{note}")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=4)
    chosen = parser.parse_args(arguments)
    subjects = found(chosen.count, chosen.seed)
    start = perf_counter()
    pieces, speaker = asyncio.run(explained(subjects, chosen.at_once))
    sys.stdout.write(report(subjects, pieces, speaker, perf_counter() - start))


if __name__ == "__main__":
    main(sys.argv[1:])
