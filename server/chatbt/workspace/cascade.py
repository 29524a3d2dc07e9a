"""From layers (extended files, the file, the client, the command line) to the settings that hold."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from chatbt.workspace.globs import Glob
from chatbt.workspace.options import LISTS, TABLES, Layer
from chatbt.workspace.origins import DEFAULT, Message, Origin, shown
from chatbt.workspace.selection import selected
from chatbt.workspace.settings import DEFAULT_EXCLUDE, DEFAULT_TESTS, KnownRules, Settings, Severity
from chatbt.workspace.targets import Version, as_target

_Value = TypeVar("_Value")

# Of the lists: those that a layer with a `select` starts anew, those that each layer replaces; others add up.
_SELECTORS = ("select", "extend-select", "ignore", "extend-ignore")
_NEAREST = ("exclude", "tests", "per-file-ignores")
_DEFAULTS = {"select": ("ALL",), "exclude": DEFAULT_EXCLUDE, "tests": DEFAULT_TESTS}


class Explained(NamedTuple):
    """One setting, the value as TOML would write it, and where it stands."""

    key: str
    value: str
    origin: Origin

    def __str__(self) -> str:
        return f"{self.key} = {self.value}  ({self.origin})"


def merge(layers: Sequence[Layer], known: KnownRules, root: Path, target: Version) -> Settings:
    """The settings of the files that `root` holds; `target` is the version where no layer says one."""
    anchor = str(root)
    preview = _nearest((layer.preview for layer in layers), default=False)
    severity = _severities(layers, known)
    off = {rule for rule, level in severity if level == "off"}
    per_file = _nearest((layer.per_file_ignores for layer in layers), default=())
    return Settings(
        root=anchor,
        rules=_rules(layers, known, preview=preview) - off,
        per_file_ignores=tuple(
            (glob, frozenset().union(*map(known.members, selectors)))
            for glob, selectors in (
                *per_file,
                *(item for layer in layers for item in layer.extend_per_file_ignores),
            )
        ),
        severity=tuple((rule, level) for rule, level in severity if level != "off"),
        target=_nearest((layer.target for layer in layers), default=target),
        preview=preview,
        ruff=_nearest((layer.ruff for layer in layers), default="defer"),
        hints=_nearest((layer.hints for layer in layers), default=False),
        exclude=(
            *_nearest((layer.exclude for layer in layers), default=_globs(DEFAULT_EXCLUDE, anchor)),
            *(glob for layer in layers for glob in layer.extend_exclude),
        ),
        force_exclude=_nearest((layer.force_exclude for layer in layers), default=False),
        respect_gitignore=_nearest((layer.respect_gitignore for layer in layers), default=True),
        tests=_nearest((layer.tests for layer in layers), default=_globs(DEFAULT_TESTS, anchor)),
        baseline=_nearest((layer.baseline for layer in layers), default=None),
    )


def _nearest(values: Iterable[_Value | None], default: _Value) -> _Value:
    said = [value for value in values if value is not None]
    return said[-1] if said else default


def _globs(patterns: Iterable[str], root: str) -> tuple[Glob, ...]:
    return tuple(Glob(pattern, root) for pattern in patterns)


def _rules(layers: Sequence[Layer], known: KnownRules, *, preview: bool) -> frozenset[str]:
    def enables(selector: str) -> frozenset[str]:
        return known.members(selector) if preview else known.members(selector) - known.preview

    default = known.ids if preview else known.ids - known.preview
    return selected((layer.selection for layer in layers), default, enables, known.members, known.rank)


def _severities(layers: Sequence[Layer], known: KnownRules) -> tuple[tuple[str, Severity], ...]:
    levels: dict[str, Severity] = {}
    for layer in layers:
        for selector, level in sorted(layer.severity, key=lambda item: known.rank(item[0])):
            levels.update(dict.fromkeys(known.members(selector), level))
    return tuple(sorted(levels.items()))


def explain(layers: Sequence[Layer], settings: Settings, target: Origin) -> Iterator[Explained]:
    """Where each setting stands; `target` is where the version stands if no layer says one."""
    starts = [number for number, layer in enumerate(layers) if layer.selection.select is not None]
    for key in LISTS + TABLES:
        said = [layer for layer in layers if key in layer.accepted]
        if key in _SELECTORS and starts:
            said = [layer for layer in layers[starts[-1] :] if key in layer.accepted]
        elif key in _NEAREST:
            said = said[-1:]
        for layer in said:
            yield Explained(key, shown(layer.accepted[key], limit=None), layer.locate(key, None))
        if not said and key in _DEFAULTS:
            yield Explained(key, shown(_DEFAULTS[key], limit=None), DEFAULT)
    for key, value in _scalars(settings).items():
        said = [layer for layer in layers if key in layer.accepted]
        default = target if key == "target-version" else DEFAULT
        if value is not None:
            yield Explained(key, shown(value), said[-1].locate(key, None) if said else default)


def _scalars(settings: Settings) -> dict[str, str | bool | None]:
    return {
        "target-version": as_target(settings.target),
        "preview": settings.preview,
        "ruff": settings.ruff,
        "hints": settings.hints,
        "force-exclude": settings.force_exclude,
        "respect-gitignore": settings.respect_gitignore,
        "baseline": settings.baseline,
    }


def messages(layers: Sequence[Layer], known: KnownRules, settings: Settings) -> Iterator[Message]:
    """What is wrong with the layers, and what holds instead."""
    used = _scalars(settings)
    for layer in layers:
        yield from layer.messages
        for key, complaint in layer.rejected:
            value = used[key]
            consequence = "Leaving it out" if value is None else f"Using {shown(value).strip(chr(34))}"
            yield Message(complaint.origin, f"{complaint.text}. {consequence}.")
        if settings.preview:
            continue
        for key, selectors in (
            ("select", layer.selection.select or ()),
            ("extend-select", layer.selection.extend_select),
        ):
            for selector in selectors:
                if known.exact(selector) in known.preview:
                    text = f"chatbt.{key} has {shown(selector)}, a preview rule; it needs chatbt.preview = true."
                    yield Message(layer.locate(key, selector), text)
