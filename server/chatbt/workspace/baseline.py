"""The baseline: findings that are known and not reported, so that a project can start clean and stay so.

A finding is known by its file, rule, text and enclosing symbol; where it stands in the file plays no part. What is
there several times is counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import orjson

from chatbt.workspace.check_result import Record, Result

_VERSION = 1


class BaselineError(Exception):
    """What is wrong with a baseline file, for the user."""


class Stale(NamedTuple):
    """Findings of a rule that the baseline knows and that are no more."""

    path: str
    rule: str
    findings: int


class Baseline:
    """The known findings of a project, used up one by one as they are met again."""

    def __init__(self, file: Path) -> None:
        """Read the file. BaselineError if that is not possible."""
        self._folder = file.parent
        try:
            held = orjson.loads(file.read_bytes())
            version = held["version"]
            self._left = {
                path: Counter({key: int(count) for key, count in held["files"][path].items()}) for path in held["files"]
            }
        except FileNotFoundError:
            said = f"there is no baseline {file}; `chatbt check --write-baseline {file}` writes it"
            raise BaselineError(said) from None
        except OSError as error:
            raise BaselineError(f"{file}: cannot be read ({error.strerror})") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BaselineError(f"{file} is no baseline of ChatBT") from error
        if version != _VERSION:
            raise BaselineError(f"{file} is of version {version}; this ChatBT reads version {_VERSION}")
        self._met: set[str] = set()

    def without_known(self, path: str, records: Iterable[Record]) -> tuple[Record, ...]:
        """The findings of the file at this absolute path that are not known."""
        name = _name(path, self._folder)
        self._met.add(name)
        left = self._left.get(name)
        if not left:
            return tuple(records)
        fresh = []
        for record in records:
            if left[_key(record)] > 0:
                left[_key(record)] -= 1
            else:
                fresh.append(record)
        return tuple(fresh)

    def stale(self) -> Iterator[Stale]:
        """What was not met in the files that were asked for, or is in files that are no more."""
        for name, left in self._left.items():
            if name not in self._met and (self._folder / name).exists():
                continue
            rules: Counter[str] = Counter()
            for key, count in left.items():
                rules[key.partition(":")[0]] += count
            for rule, count in sorted(rules.items()):
                if count > 0:
                    yield Stale(str(self._folder / name), rule, count)


def write_baseline(file: Path, results: Iterable[Result]) -> None:
    """Make all these findings known. OSError if the file cannot be written."""
    files = {
        _name(result.path, file.parent): dict(sorted(Counter(map(_key, result.records)).items()))
        for result in results
        if result.records
    }
    content = orjson.dumps({"version": _VERSION, "files": files}, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    file.write_bytes(content + b"\n")


def _key(record: Record) -> str:
    return f"{record.code}:{record.fingerprint}"


def _name(path: str, folder: Path) -> str:
    """A file's path as the baseline has it: relative to the baseline's folder, with slashes."""
    absolute = Path(path)
    below = absolute.is_relative_to(folder)
    name = (absolute.relative_to(folder) if below else absolute).as_posix()
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
