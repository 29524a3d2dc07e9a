"""Report what the rules find in Python files and notebooks.

Ends with 0 if there are no findings, 1 if there are some, and 2 if a file, a flag or a path could not be used.
"""

import argparse
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TextIO

from chatbt.cli.options.baselines import apply_baselines
from chatbt.cli.options.files import find, plural, read_stdin, shown_path, stdin_path
from chatbt.cli.options.refusal import RefusalError
from chatbt.cli.options.selection import add_selection, configured
from chatbt.cli.output import FORMATS, WITH_FIXES, writer
from chatbt.cli.output.progress import bar
from chatbt.cli.output.say import warn
from chatbt.workspace.cache import Cache, cache_folder
from chatbt.workspace.check import check
from chatbt.workspace.check_result import Record, Result
from chatbt.workspace.configuration import Configuration

SEVERITIES = ("error", "warning", "information", "hint")
_FOR_PEOPLE = ("full", "concise")


def arguments(parser: argparse.ArgumentParser) -> None:
    add_selection(parser)
    output = parser.add_argument_group("output")
    output.add_argument(
        "--output-format",
        choices=FORMATS,
        default="full",
        metavar="FORMAT",
        help=f"{', '.join(FORMATS)} (default: full)",
    )
    output.add_argument("-o", "--output-file", metavar="FILE", help="write to this file instead of stdout")
    output.add_argument(
        "--statistics", action="store_true", help="count the findings of each rule instead of listing them"
    )
    output.add_argument("-e", "--exit-zero", action="store_true", help="exit with 0 even if there are findings")
    output.add_argument(
        "--all", action="store_true", help="report what is not drawn as well: suggestions, and what is left to ruff"
    )
    output.add_argument(
        "--severity", choices=SEVERITIES, default="hint", help="report findings from this severity on (default: hint)"
    )
    known = parser.add_argument_group("baseline")
    known.add_argument("--baseline", metavar="FILE", help="do not report the findings that this file knows")
    known.add_argument("--write-baseline", metavar="FILE", help="write all findings to this file, and exit with 0")
    cache = parser.add_argument_group("cache")
    cache.add_argument("-n", "--no-cache", action="store_true", help="check every file anew, and keep nothing")
    cache.add_argument("--cache-dir", metavar="DIR", help="where the cache is (default: in the user's cache folder)")


def run(options: Namespace) -> int:
    cache = Cache(Path(options.cache_dir) if options.cache_dir else cache_folder(), enabled=not options.no_cache)
    configuration = configured(options, cache.known_rules(), baseline=options.baseline)
    results, failed = _results(options, configuration, cache)
    shown = [result._replace(records=_loud(result, options)) for result in results]
    if options.write_baseline:
        return _write_baseline(Path(options.write_baseline), shown)
    shown = apply_baselines(shown, configuration, verbose=options.verbose)
    with _stream(options.output_file) as out:
        _write(shown, options, out, complete=not failed)
    for result in shown:
        if result.error:
            warn(f"{shown_path(result.path)}: {result.error}")
    if failed or any(result.error for result in shown):
        return 2
    return 1 if any(result.records for result in shown) and not options.exit_zero else 0


def _results(options: Namespace, configuration: Configuration, cache: Cache) -> tuple[list[Result], bool]:
    """What was found, and whether some path led nowhere."""
    fixes = options.output_format in WITH_FIXES or options.statistics
    stdin = stdin_path(options)
    if stdin is not None:
        return [_check_stdin(stdin, configuration, fixes=fixes, suggestions=options.all)], False
    files, failed = find(options, configuration)
    results = []
    with bar(wanted=not options.quiet) as progress:
        for result in check(
            files,
            configuration,
            cache,
            fixes=fixes,
            suggestions=options.all,
            jobs=options.jobs,
            ahead=progress.ahead,
        ):
            results.append(result)
            progress.step()
    return sorted(results), failed


def _check_stdin(path: Path, configuration: Configuration, *, fixes: bool, suggestions: bool) -> Result:
    from chatbt.workspace.check_file import check_bytes
    from chatbt.workspace.profiles import profile_for

    effective = configuration.for_file(path)
    if effective.settings.force_exclude and effective.settings.excludes(str(path)):
        return Result(str(path))
    raw = read_stdin()
    records = check_bytes(path, raw, profile_for(path, effective), fixes=fixes, suggestions=suggestions)
    return Result(str(path), records, content=raw)


def _loud(result: Result, options: Namespace) -> tuple[Record, ...]:
    """The findings that are asked for."""
    loud = SEVERITIES[: SEVERITIES.index(options.severity) + 1]
    return tuple(one for one in result.records if one.severity in loud and (one.shown or options.all))


def _write_baseline(file: Path, results: Iterable[Result]) -> int:
    from chatbt.workspace.baseline import write_baseline

    results = list(results)
    try:
        write_baseline(file.absolute(), results)
    except OSError as error:
        raise RefusalError(f"{file}: cannot be written ({error.strerror})") from error
    found = sum(len(result.records) for result in results)
    sys.stdout.write(f"{file} knows {plural(found, 'finding')}.\n")
    return 0


def _stream(file: str | None) -> "TextIO | nullcontext[TextIO]":
    if file is None:
        return nullcontext(sys.stdout)
    try:
        return Path(file).open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise RefusalError(f"{file}: cannot be written ({error.strerror})") from error


def _write(results: Sequence[Result], options: Namespace, out: TextIO, *, complete: bool) -> None:
    """Write the results, `complete` if every path that was named could be looked into."""
    if options.statistics:
        from chatbt.cli.output.statistics import statistics, statistics_json

        (statistics_json if options.output_format == "json" else statistics)(results, out)
    else:
        writer(options.output_format)(results, out)
    if options.output_format in _FOR_PEOPLE and not options.quiet:
        complete = complete and not any(result.error for result in results)
        out.write(f"{_summary(results, options, complete=complete)}\n")


def _summary(results: Sequence[Result], options: Namespace, *, complete: bool) -> str:
    found = [one for result in results for one in result.records]
    if not found:
        return "All checks passed!" if complete else "No findings."
    text = f"Found {plural(len(found), 'finding')}."
    classes = [one.fix.applicability for one in found if one.fix]
    if options.output_format in WITH_FIXES and classes:
        safe = classes.count("safe")
        text += f"\n[*] `chatbt fix{' --all' * options.all}` can fix {safe}"
        text += f", with `--unsafe-fixes` {len(classes)}." if safe < len(classes) else "."
    return text
