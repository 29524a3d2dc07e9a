"""Apply the fixes that are proven safe.

Every fix is tried on a copy first: it must parse, change nothing but its statement, keep the comments, silence its
finding and raise no other. Ends with 0, or with 2 if a file, a flag or a path could not be used.
"""

import argparse
import difflib
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chatbt.cli.options.files import find, plural, read_stdin, shown_path, stdin_path
from chatbt.cli.options.selection import add_selection, configured
from chatbt.cli.output.say import warn
from chatbt.workspace.configuration import Configuration

if TYPE_CHECKING:
    from chatbt.workspace.check_fix import FixedFile


def arguments(parser: argparse.ArgumentParser) -> None:
    add_selection(parser)
    how = parser.add_argument_group("fixing")
    how.add_argument("--unsafe-fixes", action="store_true", help="apply the fixes that need a review too")
    how.add_argument("--all", action="store_true", help="fix what `chatbt check --all` reports: suggestions as well")
    how.add_argument(
        "--diff", action="store_true", help="write nothing: show the changes; exit with 1 if there are any"
    )


def run(options: Namespace) -> int:
    from chatbt.workspace.check_fix import fix
    from chatbt.workspace.profiles import known_rules

    configuration = configured(options, known_rules())
    stdin = stdin_path(options)
    if stdin is not None:
        return _fix_stdin(stdin, configuration, options)
    files, failed = find(options, configuration)
    write = not options.diff
    made = fix(
        files, configuration, unsafe=options.unsafe_fixes, everything=options.all, write=write, jobs=options.jobs
    )
    fixed = sorted(made)
    if options.diff:
        sys.stdout.writelines(_diff(one) for one in fixed)
    return _report(fixed, options, failed=failed)


def _fix_stdin(path: Path, configuration: Configuration, options: Namespace) -> int:
    from chatbt.workspace.check_fix import FixedFile, fix_text
    from chatbt.workspace.check_reading import UnreadableError, decoded
    from chatbt.workspace.profiles import profile_for

    raw = read_stdin()
    try:
        file = decoded(path, raw)
    except UnreadableError as error:
        sys.stdout.buffer.write(raw)
        return _report([FixedFile(str(path), error=str(error))], options, failed=False)
    profile = profile_for(path, configuration.for_file(path))
    fixed = fix_text(str(path), file.text, profile, unsafe=options.unsafe_fixes, everything=options.all)
    if options.diff:
        sys.stdout.write(_diff(fixed))
    else:
        sys.stdout.buffer.write(fixed.after.encode(file.encoding))
        sys.stdout.flush()
    return _report([fixed], options, failed=False)


def _diff(one: "FixedFile") -> str:
    """The change as a patch; empty if there is none."""
    if one.before == one.after:
        return ""
    path = shown_path(one.path)
    # Lines end at \n alone, as patch counts them.
    old, new = (text.split("\n") for text in (one.before, one.after))
    text = ""
    for line in difflib.unified_diff([*_ended(old)], [*_ended(new)], path, path):
        text += line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
    return text


def _ended(lines: Sequence[str]) -> list[str]:
    ended = [f"{line}\n" for line in lines[:-1]]
    return [*ended, lines[-1]] if lines[-1] else ended


def _report(fixed: "Sequence[FixedFile]", options: Namespace, *, failed: bool) -> int:
    """Say what was done; the exit status."""
    from chatbt.specialists.registry import patterns

    done = sum(count for one in fixed for _, count in one.applied)
    unsafe = sum(one.unsafe for one in fixed)
    out = sys.stderr if options.diff or "-" in options.paths else sys.stdout
    lines = [f"{'Would fix' if options.diff else 'Fixed'} {plural(done, 'finding')}{':' if done else '.'}"]
    for one in fixed:
        if one.applied:
            lines.append(f"- {shown_path(one.path)}:")
            lines += [f"    {count} × {rule} ({patterns()[rule].name})" for rule, count in one.applied]
        if options.verbose:
            lines += [f"  {shown_path(one.path)}:{line}: {rule} not fixed: {why}" for line, rule, why in one.refused]
    if unsafe:
        flags = "--all --unsafe-fixes" if options.all else "--unsafe-fixes"
        lines.append(f"{unsafe} more to review: `chatbt fix {flags} --diff` shows them.")
    if not options.quiet:
        out.writelines(f"{line}\n" for line in lines)
    broken = [one for one in fixed if one.error]
    for one in broken:
        warn(f"{shown_path(one.path)}: {one.error}")
    if failed or broken:
        return 2
    return 1 if options.diff and done else 0
