"""Which findings a baseline knows."""

from collections.abc import Iterable
from pathlib import Path

from chatbt.cli.options.files import plural, shown_path
from chatbt.cli.options.refusal import RefusalError
from chatbt.cli.output.say import warn
from chatbt.workspace.check_result import Result
from chatbt.workspace.configuration import Configuration


def apply_baselines(results: Iterable[Result], configuration: Configuration, *, verbose: bool) -> list[Result]:
    """The results without what the baselines of their configurations know; RefusalError if one cannot be read.

    With `verbose`, what the baselines know and is no more is said on stderr.
    """
    files = {result.path: configuration.for_file(Path(result.path)).settings.baseline for result in results}
    if not any(files.values()):
        return list(results)
    from chatbt.workspace.baseline import Baseline, BaselineError

    try:
        baselines = {file: Baseline(Path(file)) for file in set(files.values()) if file}
    except BaselineError as error:
        raise RefusalError(str(error)) from error
    left = []
    for result in results:
        baseline = baselines.get(files[result.path] or "")
        records = baseline.without_known(result.path, result.records) if baseline else result.records
        left.append(result._replace(records=records))
    for file, baseline in sorted(baselines.items()) if verbose else ():
        for path, rule, count in baseline.stale():
            gone = plural(count, "finding")
            warn(f"{shown_path(file)} knows {gone} of {rule} in {shown_path(path)} that are no more")
    return left
