"""Report what the patterns find."""

import argparse
import sys
from argparse import Namespace
from pathlib import Path

from chatbt.cli.options.selection import add_selection, complain, configured
from chatbt.cli.output import FORMATS, WITH_FIXES, writer
from chatbt.cli.output.say import say, warn


def arguments(parser: argparse.ArgumentParser) -> None:
    add_selection(parser)
    output = parser.add_argument_group("output")
    output.add_argument("--output-format", choices=FORMATS, default="full", metavar="FORMAT", help=", ".join(FORMATS))
    output.add_argument("-e", "--exit-zero", action="store_true", help="exit with 0 even if there are findings")


def run(options: Namespace) -> int:
    from chatbt.workspace.check import check
    from chatbt.workspace.discover import discover
    from chatbt.workspace.profiles import known_rules

    configuration = configured(options, known_rules())
    found = discover(
        [Path(path) for path in options.paths or ["."]], lambda folder: configuration.for_directory(folder).settings
    )
    complain(found.messages)
    results = sorted(check(found.files, configuration, fixes=options.output_format in WITH_FIXES))
    shown = [result._replace(records=tuple(one for one in result.records if one.shown)) for result in results]
    writer(options.output_format)(shown, sys.stdout)
    count = sum(len(result.records) for result in shown)
    if options.output_format in ("full", "concise"):
        say(f"Found {count} {'finding' if count == 1 else 'findings'}." if count else "All checks passed!")
    for result in results:
        if result.error:
            warn(f"{result.path}: {result.error}")
    failed = any(result.error for result in results)
    return 2 if failed else 1 if count and not options.exit_zero else 0
