"""Ask about Python code: the specialists that know answer, in words that the model writes.

Without an engine the pattern's own page answers. Ends with 0 if the question was answered or belongs to nobody, with 1
if a page stands in the place of the model's answer, and with 2 if the question could not be read.
"""

import argparse
import sys
from argparse import Namespace
from pathlib import Path

from chatbt.cli.options.refusal import RefusalError
from chatbt.cli.options.speaking import checked, speaking_arguments, spoken


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="+", metavar="QUESTION", help="the question, or - for stdin")
    parser.add_argument("--file", metavar="FILE", help="the file that the question is about")
    parser.add_argument("--line", type=int, metavar="N", help="the line of it that the question is about")
    parser.add_argument(
        "--route-only", action="store_true", help="say who answers and with what, and do not have the answer written"
    )
    speaking_arguments(parser)


def run(options: Namespace) -> int:
    question = _question(options.question)
    if options.line is not None and options.file is None:
        raise RefusalError("--line is a line of --file, which is not given")
    checker = checked(Path(options.file)) if options.file is not None else None

    from chatbt.source.document import Range

    place = None
    if checker is not None and options.line is not None:
        lines = len(checker.document.lines)
        if not 1 <= options.line <= lines:
            raise RefusalError(f"--line {options.line}: {options.file} has {lines} lines")
        place = Range.of(options.line, 0, options.line, len(checker.document.line(options.line).encode()))
    if not options.route_only:
        return spoken(options, lambda speaker: speaker.answer(question, checker, place), question=question)

    from chatbt.cli.output.route import as_json, as_text
    from chatbt.orchestrator.routing import route

    found = route(question, checker, place)
    sys.stdout.write(as_json(found) if options.output_format == "json" else as_text(found))
    return 0


def _question(words: list[str]) -> str:
    text = " ".join(words)
    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    if not text.strip():
        raise RefusalError("there is no question")
    return text
