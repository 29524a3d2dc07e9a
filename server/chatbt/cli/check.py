"""Report what the patterns find."""

import argparse
import sys
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from chatbt.cli.options.files import find, plural, read_stdin, shown_path, stdin_path
from chatbt.cli.options.selection import add_selection, configured
from chatbt.cli.output import FORMATS, WITH_FIXES, writer
from chatbt.cli.output.say import say, warn
from chatbt.workspace.cache import Cache, cache_folder
from chatbt.workspace.check import check
from chatbt.workspace.check_result import Record, Result
from chatbt.workspace.configuration import Configuration

SEVERITIES = ("error", "warning", "information", "hint")


def arguments(parser: argparse.ArgumentParser) -> None:
    add_selection(parser)
    output = parser.add_argument_group("output")
    output.add_argument("--output-format", choices=FORMATS, default="full", metavar="FORMAT", help=", ".join(FORMATS))
    output.add_argument("-e", "--exit-zero", action="store_true", help="exit with 0 even if there are findings")
    output.add_argument("--all", action="store_true", help="report what is left to the project's ruff as well")
    output.add_argument(
        "--severity", choices=SEVERITIES, default="hint", help="report findings from this severity on (default: hint)"
    )
    cache = parser.add_argument_group("cache")
    cache.add_argument("-n", "--no-cache", action="store_true", help="check every file anew, and keep nothing")
    cache.add_argument("--cache-dir", metavar="DIR", help="where the cache is (default: in the user's cache folder)")


def run(options: Namespace) -> int:
    cache = Cache(Path(options.cache_dir) if options.cache_dir else cache_folder())
    configuration = configured(options, cache.known_rules())
    fixes = options.output_format in WITH_FIXES
    stdin = stdin_path(options)
    if stdin is not None:
        results, failed = [_check_stdin(stdin, configuration, fixes=fixes)], False
    else:
        files, failed = find(options, configuration)
        used = None if options.no_cache else cache
        results = sorted(check(files, configuration, cache=used, fixes=fixes, jobs=options.jobs))
    return _report(results, options, failed=failed)


def _check_stdin(path: Path, configuration: Configuration, *, fixes: bool) -> Result:
    from chatbt.workspace.check_file import check_text
    from chatbt.workspace.check_reading import UnreadableError, decoded
    from chatbt.workspace.profiles import profile_for

    try:
        text = decoded(path, read_stdin()).text
    except UnreadableError as error:
        return Result(str(path), error=str(error))
    records = check_text(str(path), text, profile_for(path, configuration.for_file(path)), fixes=fixes)
    return Result(str(path), records, text=text)


def _report(results: Iterable[Result], options: Namespace, *, failed: bool) -> int:
    """Write the findings; the exit status."""
    loud = SEVERITIES[: SEVERITIES.index(options.severity) + 1]

    def is_shown(one: Record) -> bool:
        return one.severity in loud and (one.shown or options.all)

    shown = [result._replace(records=tuple(filter(is_shown, result.records))) for result in results]
    writer(options.output_format)(shown, sys.stdout)
    count = sum(len(result.records) for result in shown)
    broken = [result for result in shown if result.error]
    if options.output_format in ("full", "concise") and not options.quiet:
        say(f"Found {plural(count, 'finding')}." if count else "All checks passed!" if not broken else "No findings.")
    for result in broken:
        warn(f"{shown_path(result.path)}: {result.error}")
    if failed or broken:
        return 2
    return 1 if count and not options.exit_zero else 0
