"""List the patterns there are."""

import argparse
import sys
from argparse import Namespace

from chatbt.cli.output.say import say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--output-format", choices=("text", "json"), default="text", metavar="FORMAT", help="text, json"
    )


def run(options: Namespace) -> int:
    from chatbt.cli.pages.pattern import SPECIALISTS
    from chatbt.cli.pages.rule import as_json
    from chatbt.specialists.cards import card_of
    from chatbt.specialists.registry import patterns

    found = list(patterns().values())
    if options.output_format == "json":
        import orjson

        sys.stdout.write(orjson.dumps(list(map(as_json, found)), option=orjson.OPT_INDENT_2).decode() + "\n")
        return 0
    rows = [
        (
            one.id,
            one.name,
            SPECIALISTS[one.specialist],
            one.severity.value,
            "fix" if one.make_fix else "",
            card_of(one).title,
            " ".join(one.ruff),
        )
        for one in found
    ]
    heads = ("Id", "Name", "Specialist", "Severity", "Fix", "What it reports", "In ruff")
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0
