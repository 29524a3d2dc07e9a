"""Have a file reviewed: its findings by importance, then prose.

Without an engine the findings stand there alone. Ends with 0 if nothing was found, with 1 if something was, and with 2
if the file could not be read.
"""

import argparse
from argparse import Namespace
from pathlib import Path

from chatbt.cli.options.speaking import checked, speaking_arguments, spoken


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the file")
    speaking_arguments(parser)


def run(options: Namespace) -> int:
    from chatbt.workspace.findings import problems

    checker = checked(Path(options.file))
    spoken(options, lambda speaker: speaker.review(checker), file=options.file)
    return 1 if any(one.shown for one in problems(checker)) else 0
