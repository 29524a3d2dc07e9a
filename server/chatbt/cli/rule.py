"""Explain a pattern: what it reports, why, an example, when its fix is safe."""

import argparse
import sys
from argparse import Namespace

from chatbt.cli.options.refusal import RefusalError
from chatbt.workspace.origins import suggestion


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rule", metavar="RULE", help="its id or name, such as CC001 or mutable-default-argument")
    parser.add_argument(
        "--output-format", choices=("text", "json"), default="text", metavar="FORMAT", help="text, json"
    )


def run(options: Namespace) -> int:
    from chatbt.cli.pages.rule import as_json, text_of
    from chatbt.specialists.registry import names, patterns

    known = names()
    found = known.get(options.rule) or known.get(options.rule.upper()) or known.get(options.rule.lower())
    if found is None:
        raise RefusalError(
            f"there is no rule {options.rule}{suggestion(options.rule, known)}; `chatbt rules` lists them"
        )
    pattern = patterns()[found]
    if options.output_format == "json":
        import orjson

        sys.stdout.write(orjson.dumps(as_json(pattern), option=orjson.OPT_INDENT_2).decode() + "\n")
    elif sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text_of(pattern)))
    else:
        sys.stdout.write(text_of(pattern))
    return 0
