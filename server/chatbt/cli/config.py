"""Explain the configuration: each setting that holds for a file, and where it comes from."""

import argparse
import sys
from argparse import Namespace
from pathlib import Path

from chatbt.cli.options.files import complain, plural
from chatbt.cli.output.say import say


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    explain = actions.add_parser("explain", help="show each setting and where it comes from")
    explain.add_argument("file", metavar="FILE", help="a source file or a folder; it need not be there")


def run(options: Namespace) -> int:
    from chatbt.specialists.registry import patterns
    from chatbt.workspace.configuration import Configuration
    from chatbt.workspace.profiles import known_rules, profile_for

    path = Path(options.file).absolute()
    configuration = Configuration(known_rules(), sys.version_info[:2], Path.cwd())
    inside = path / "file.py" if path.is_dir() else path
    effective = configuration.for_file(inside)
    complain(effective.messages)
    say(f"governed by {effective.file}" if effective.file else "no configuration file governs it: the defaults hold")
    for one in effective.explain():
        say(f"  {one}")
    if effective.settings.excludes(str(path)):
        say("it is excluded, and checked only when it is named itself")
    profile = profile_for(inside, effective)
    suggestions = frozenset(rule for rule, one in patterns().items() if one.is_suggestion)
    drawn = profile.rules - profile.left_to_ruff
    say(f"{plural(len(drawn - suggestions), 'rule')} of {len(patterns()) - len(suggestions)} are reported")
    offered = (drawn if profile.hints else profile.rules) & suggestions
    say(f"{plural(len(offered), 'suggestion')} {'are drawn as hints' if profile.hints else 'can be asked for'}")
    for title, rules in (
        ("off", frozenset(patterns()) - profile.rules),
        (f"left to ruff, as {effective.ruff.path} has it" if effective.ruff else "", profile.left_to_ruff),
    ):
        if rules:
            say(f"  {title}: {', '.join(sorted(rules))}")
    if effective.ruff and effective.ruff.doubt:
        say(f"  nothing is left to ruff: {effective.ruff.doubt}")
    return 0
