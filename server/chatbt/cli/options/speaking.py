"""What the commands share that have something written: their options, the file that it is about, the engine."""

from __future__ import annotations

import argparse
import asyncio
import sys
from argparse import Namespace
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from chatbt.cli.options.refusal import RefusalError
from chatbt.workspace.checker import Checker

if TYPE_CHECKING:
    from chatbt.orchestrator.speaker import Piece, Speaker


def speaking_arguments(parser: argparse.ArgumentParser) -> None:
    """How an answer is shown."""
    parser.add_argument("--no-stream", action="store_true", help="show the answer when it is whole")
    parser.add_argument(
        "--output-format", choices=("text", "json"), default="text", metavar="FORMAT", help="text, json"
    )


def spoken(options: Namespace, pieces: Callable[[Speaker], AsyncGenerator[Piece, None]], **about: object) -> int:
    """Show what a speaker says with the user's engine, which is started if need be; the exit status."""
    from chatbt.cli.output.speech import told
    from chatbt.engine.reach import Reach
    from chatbt.orchestrator.speaker import Speaker

    async def run() -> int:
        reach = Reach()
        speaker = Speaker(reach.client)
        try:
            as_json = options.output_format == "json"
            return await told(pieces(speaker), stream=not options.no_stream, as_json=as_json, **about)
        finally:
            speaker.close()
            await reach.close()

    return asyncio.run(run())


def checked(path: Path) -> Checker:
    """A file with all that is known of it. RefusalError if it is no text."""
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
