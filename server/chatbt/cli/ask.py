"""Ask about Python code: which specialist answers, with which patterns, and why.

Ends with 0 if the question could be routed, to a specialist or to nobody, and with 2 if it could not be read.
"""

import argparse
import sys
from argparse import Namespace
from pathlib import Path

from chatbt.cli.options.refusal import RefusalError
from chatbt.workspace.checker import Checker


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="+", metavar="QUESTION", help="the question, or - for stdin")
    parser.add_argument("--file", metavar="FILE", help="the file that the question is about")
    parser.add_argument("--line", type=int, metavar="N", help="the line of it that the question is about")
    parser.add_argument(
        "--route-only", action="store_true", help="say who answers and with what, and do not have the answer written"
    )
    parser.add_argument(
        "--output-format", choices=("text", "json"), default="text", metavar="FORMAT", help="text, json"
    )


def run(options: Namespace) -> int:
    if not options.route_only:
        raise RefusalError("an answer needs an engine, which this version does not have; --route-only says who answers")
    question = _question(options.question)
    if options.line is not None and options.file is None:
        raise RefusalError("--line is a line of --file, which is not given")
    checker = _checker(Path(options.file)) if options.file is not None else None

    from chatbt.cli.output.route import as_json, as_text
    from chatbt.orchestrator.routing import route
    from chatbt.source.document import Range

    place = None
    if checker is not None and options.line is not None:
        lines = len(checker.document.lines)
        if not 1 <= options.line <= lines:
            raise RefusalError(f"--line {options.line}: {options.file} has {lines} lines")
        place = Range.of(options.line, 0, options.line, len(checker.document.line(options.line).encode()))
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


def _checker(path: Path) -> Checker:
    """The file with all that is known of it. RefusalError if it is no text."""
    from chatbt.source.document import Document
    from chatbt.source.notebook import NotebookError, read_notebook
    from chatbt.workspace.check_reading import UnreadableError, read
    from chatbt.workspace.configuration import Configuration
    from chatbt.workspace.profiles import known_rules, profile_for

    try:
        text = read(path).text
        if path.suffix == ".ipynb":
            text = read_notebook(text).text
    except (UnreadableError, NotebookError) as error:
        raise RefusalError(f"{path}: {error}") from error
    if "\0" in text:
        raise RefusalError(f"{path}: it is no text: there are null bytes in it")
    path = path.absolute()
    configuration = Configuration(known_rules(), sys.version_info[:2], Path.cwd())
    return Checker(Document.from_text(str(path), text), profile_for(path, configuration.for_file(path)))
