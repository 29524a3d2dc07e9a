"""The flags that choose rules, files and settings, by ruff's names, and the configuration that they make."""

import argparse
import sys
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from chatbt.cli.options.refusal import RefusalError
from chatbt.workspace.configuration import Configuration, Overlay
from chatbt.workspace.origins import Message
from chatbt.workspace.settings import KnownRules

COMMAND_LINE = "command line"


def add_selection(parser: argparse.ArgumentParser) -> None:
    """PATHS, and every flag that says which rules run over which files."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files and folders, or - for stdin (default: .)")
    rules = parser.add_argument_group("rules", "RULES are ids, prefixes, names or ALL, with commas between them.")
    for flag, text in (
        ("--select", "the rules to report, instead of those that the configuration selects"),
        ("--ignore", "rules to turn off"),
        ("--extend-select", "rules to turn on beside the others"),
        ("--extend-ignore", "the same as --ignore"),
    ):
        rules.add_argument(flag, action="append", type=_comma, metavar="RULES", help=text)
    for flag, text in (
        ("--per-file-ignores", "a rule to turn off in some files, instead of what the configuration says of files"),
        ("--extend-per-file-ignores", "a rule to turn off in some files as well"),
    ):
        rules.add_argument(flag, action="append", type=_comma, metavar="GLOB:RULE", help=text)
    rules.add_argument(
        "--preview", action=argparse.BooleanOptionalAction, help="report the rules too that are still being tried"
    )
    rules.add_argument("--target-version", metavar="PY", help="the oldest Python the code is for: py38 to py314")
    files = parser.add_argument_group("files")
    files.add_argument(
        "--exclude",
        action="append",
        type=_comma,
        metavar="GLOBS",
        help="files and folders to leave out, instead of the usual ones",
    )
    files.add_argument(
        "--extend-exclude", action="append", type=_comma, metavar="GLOBS", help="files and folders to leave out as well"
    )
    files.add_argument(
        "--respect-gitignore", action=argparse.BooleanOptionalAction, help="leave out what git ignores (the default)"
    )
    files.add_argument(
        "--force-exclude", action=argparse.BooleanOptionalAction, help="leave excluded files out even if named"
    )
    files.add_argument(
        "--stdin-filename", metavar="FILE", help="what the text on stdin is called, for settings per file"
    )
    settings = parser.add_argument_group("settings")
    settings.add_argument(
        "--config", action="append", default=[], metavar="FILE|KEY=VALUE", help="a TOML file, or one setting"
    )
    settings.add_argument("--isolated", action="store_true", help="read no configuration file, neither ours nor ruff's")
    much = parser.add_argument_group("how much is said").add_mutually_exclusive_group()
    much.add_argument("-q", "--quiet", action="store_true", help="nothing but what was asked for")
    much.add_argument("-v", "--verbose", action="store_true", help="what was done, and what is left out")
    parser.add_argument("--jobs", type=_count, default=0, metavar="N", help="processes to use (default: all cores)")


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError(text)
    return count


def _comma(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def configured(options: Namespace, known: KnownRules, **more: object) -> Configuration:
    """The configuration that the flags ask for. RefusalError if one of them makes no sense."""
    here = Path.cwd()
    inline, file = _config(options.config)
    overlays = [Overlay(inline, COMMAND_LINE, here)] if inline else []
    overlays.append(Overlay({**_values(options), **more}, COMMAND_LINE, here))
    if file is not None and options.isolated:
        raise RefusalError("--config FILE and --isolated cannot both hold")
    configuration = Configuration(known, sys.version_info[:2], here, overlays, isolated=options.isolated, file=file)
    wrong = [one for one in configuration.for_directory(here).messages if one.origin.source == COMMAND_LINE]
    if wrong:
        raise RefusalError("; ".join(_as_flag(one) for one in wrong))
    return configuration


def _as_flag(message: Message) -> str:
    """The complaint about a setting in the words of its flag, without what would be used instead."""
    text = message.text.removeprefix("chatbt.")
    for consequence in (" Leaving it out.", " Using "):
        text = text.partition(consequence)[0]
    return f"--{text}"


def _config(given: Iterable[str]) -> tuple[dict[str, object], Path | None]:
    """What --config says: single settings, and a file."""
    inline: dict[str, object] = {}
    file = None
    for one in given:
        path = Path(one)
        if "=" in one and not path.exists():
            inline |= _setting(one)
        elif path.is_file():
            file = path.absolute()
        else:
            raise RefusalError(f"--config {one}: there is no such file, and it is no KEY=VALUE")
    return inline, file


def _setting(text: str) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise RefusalError(f"--config {text}: not valid TOML ({error})") from error


def _values(options: Namespace) -> dict[str, object]:
    """The flags as settings; None where a flag is not given."""
    values: dict[str, object] = {}
    for key in ("select", "ignore", "extend-select", "extend-ignore", "exclude", "extend-exclude"):
        given = getattr(options, key.replace("-", "_"))
        values[key] = None if given is None else [item for items in given for item in items]
    for key in ("per-file-ignores", "extend-per-file-ignores"):
        given = getattr(options, key.replace("-", "_"))
        values[key] = None if given is None else _per_file(key, [item for items in given for item in items])
    for key in ("preview", "target-version", "respect-gitignore", "force-exclude"):
        values[key] = getattr(options, key.replace("-", "_"))
    return values


def _per_file(flag: str, pairs: Iterable[str]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for pair in pairs:
        glob, colon, rule = pair.rpartition(":")
        if not colon:
            raise RefusalError(f"--{flag} {pair}: GLOB:RULE is expected, such as tests/*.py:CC001")
        table.setdefault(glob.strip(), []).append(rule.strip())
    return table
