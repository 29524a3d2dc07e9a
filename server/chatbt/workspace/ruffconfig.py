"""What ruff, as a project configures it, would report.

In doubt it reports nothing: where ruff itself would refuse the configuration, or where it says something that
is not known here, the answer is no, and we speak.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from chatbt.workspace import ruffcodes
from chatbt.workspace.globs import Glob, matcher, matches_below, translate
from chatbt.workspace.ruffrules import VERSION
from chatbt.workspace.selection import Selection, selected
from chatbt.workspace.settings import RUFF_EXCLUDE
from chatbt.workspace.targets import admits, clauses
from chatbt.workspace.tomlfile import TomlFile, extended

_Value = TypeVar("_Value")

INCLUDE = ("*.py", "*.pyi", "*.ipynb")


@dataclass(frozen=True, slots=True)
class RuffConfig:
    """The rules that are on, and for which files. Where `doubt` says why not, nothing is on."""

    path: Path
    codes: frozenset[str] = frozenset()
    ignores: tuple[tuple[Glob, frozenset[str]], ...] = ()
    include: tuple[Glob, ...] = ()
    exclude: tuple[Glob, ...] = ()
    doubt: str | None = None

    def reports(self, path: str, codes: frozenset[str]) -> bool:
        """Whether ruff has one of these codes turned on for the file at this absolute path."""
        on = self.codes & codes
        if not on or not matcher(self.include)(path) or matches_below(self.exclude, path, str(self.path.parent)):
            return False
        for glob, ignored in self.ignores:
            if matcher((glob,))(path) is not glob.negated:
                on -= ignored
        return bool(on)


class _DoubtError(Exception):
    """Something in a configuration that ruff would refuse, or that is not known here."""


def read_ruff(path: Path, read: Callable[[Path], TomlFile]) -> RuffConfig:
    """What the configuration file says, with those it extends."""
    try:
        return _merge(path, [_Layer(file, options) for file, options in _chain(path, read)])
    except _DoubtError as doubt:
        return RuffConfig(path, doubt=str(doubt))


def _chain(path: Path, read: Callable[[Path], TomlFile]) -> list[tuple[Path, Mapping[str, Any]]]:
    """The options of the file and of those it extends, the base first."""
    chain: list[tuple[Path, Mapping[str, Any]]] = []
    seen: set[Path] = set()
    following: Path | None = path
    while following is not None:
        if following in seen:
            raise _DoubtError(f"{following} extends itself")
        seen.add(following)
        file = read(following)
        if file.problem and not file.data:
            raise _DoubtError(f"{following}: {file.problem}")
        options = file.table("tool", "ruff") or {} if following.name == "pyproject.toml" else file.data
        chain.insert(0, (following, options))
        extend = _typed(options, "extend", str)
        following = None if extend is None else extended(following, extend)
    return chain


def _typed(options: Mapping[str, Any], key: str, kind: type) -> Any:
    value = options.get(key)
    if value is not None and not isinstance(value, kind):
        raise _DoubtError(f"`{key}` has the wrong type")
    return value


class _Layer:
    """One file's options. Those of the linter stand in `lint` or, as they used to, beside it."""

    def __init__(self, path: Path, options: Mapping[str, Any]) -> None:
        self.root = str(path.parent)
        self.top = options
        self.section: Mapping[str, Any] = _typed(options, "lint", dict) or {}
        self.lint: Mapping[str, Any] = {**options, **self.section}
        self.selection = Selection(
            self.selectors("select"),
            self.selectors("extend-select") or (),
            (self.selectors("ignore") or ()) + (self.selectors("extend-ignore") or ()),
        )

    def strings(self, options: Mapping[str, Any], key: str) -> tuple[str, ...] | None:
        value = _typed(options, key, list)
        if value is None:
            return None
        if not all(isinstance(item, str) for item in value):
            raise _DoubtError(f"`{key}` has something else than strings")
        return tuple(value)

    def selectors(self, key: str) -> tuple[str, ...] | None:
        said = self.strings(self.lint, key)
        for selector in said or ():
            if ruffcodes.members(selector) is None:
                raise _DoubtError(f"`{key}` has {selector}, which is not known here")
        return said

    def globs(self, options: Mapping[str, Any], key: str) -> tuple[Glob, ...] | None:
        said = self.strings(options, key)
        return None if said is None else tuple(self.glob(item) for item in said)

    def glob(self, pattern: str) -> Glob:
        negated = pattern.startswith("!")
        try:
            translate(pattern)
        except ValueError as error:
            raise _DoubtError(f"{pattern} is no glob: {error}") from None
        return Glob(pattern[negated:], self.root, negated)

    def ignores(self, key: str) -> list[tuple[Glob, frozenset[str]]] | None:
        table = _typed(self.lint, key, dict)
        if table is None:
            return None
        return [(self.glob(glob), frozenset(self.members(table, glob))) for glob in table]

    def members(self, table: Mapping[str, Any], glob: str) -> Iterator[str]:
        for selector in self.strings(table, glob) or ():
            codes = ruffcodes.members(selector)
            if codes is None:
                raise _DoubtError(f"`{glob}` has {selector}, which is not known here")
            yield from codes


def _merge(path: Path, layers: list[_Layer]) -> RuffConfig:
    of_all = _nearest((_typed(layer.top, "preview", bool) for layer in layers), default=False)
    preview = _nearest((_typed(layer.section, "preview", bool) for layer in layers), of_all)
    explicit = _nearest((_typed(layer.lint, "explicit-preview-rules", bool) for layer in layers), default=False)
    categories = {
        selector
        for layer in layers
        for selector in (
            *(layer.selection.select or ()),
            *layer.selection.extend_select,
            *layer.selection.ignore,
        )
        if selector in ruffcodes.CATEGORIES
    }
    if categories and not preview:
        raise _DoubtError("categories can be selected in preview only")
    selects = any(layer.selection.select is not None for layer in layers)
    if not selects and not _fits(layers):
        raise _DoubtError("the defaults of the required version are not known here")

    def enables(selector: str) -> frozenset[str]:
        codes = ruffcodes.members(selector) or frozenset()
        if preview and (selector in ruffcodes.ALL or not explicit):
            return codes
        return codes - ruffcodes.PREVIEW

    default = ruffcodes.default(preview=preview)
    root = str(path.parent)
    return RuffConfig(
        path,
        codes=selected(
            (layer.selection for layer in layers),
            default - ruffcodes.PREVIEW if explicit else default,
            enables,
            lambda selector: ruffcodes.members(selector) or frozenset(),
            ruffcodes.rank,
        ),
        ignores=(
            *_nearest((layer.ignores("per-file-ignores") for layer in layers), []),
            *(item for layer in layers for item in layer.ignores("extend-per-file-ignores") or ()),
        ),
        include=(
            *_nearest((layer.globs(layer.top, "include") for layer in layers), _globs(INCLUDE, root)),
            *(glob for layer in layers for glob in layer.globs(layer.top, "extend-include") or ()),
        ),
        exclude=(
            *_nearest((layer.globs(layer.top, "exclude") for layer in layers), _globs(RUFF_EXCLUDE, root)),
            *(glob for layer in layers for glob in layer.globs(layer.top, "extend-exclude") or ()),
            *_nearest((layer.globs(layer.section, "exclude") for layer in layers), ()),
        ),
    )


def _nearest(values: Iterable[_Value | None], default: _Value) -> _Value:
    said = [value for value in values if value is not None]
    return said[-1] if said else default


def _globs(patterns: Iterable[str], root: str) -> tuple[Glob, ...]:
    return tuple(Glob(pattern, root) for pattern in patterns)


def _fits(layers: list[_Layer]) -> bool:
    """Whether the project's `required-version` admits the ruff whose defaults are known here."""
    required = _nearest((_typed(layer.top, "required-version", str) for layer in layers), "")
    bare = required.strip()
    ranges = clauses(f"=={bare}" if bare[:1].isdigit() else bare)
    return ranges is not None and admits(ranges, VERSION)
