"""The keys of [tool.chatbt], read from one source: typed values, and what is wrong with them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from chatbt.workspace.globs import Glob, translate
from chatbt.workspace.origins import Message, Origin, shown, suggestion
from chatbt.workspace.selection import Selection
from chatbt.workspace.settings import RUFF_POLICIES, SEVERITIES, KnownRules, RuffPolicy, Severity
from chatbt.workspace.targets import NEWEST, OLDEST, Version, as_target, clamp, parse_target

# Where a key, or a string in its value, stands.
Locate = Callable[[str, str | None], Origin]

PerFileIgnores = tuple[tuple[Glob, tuple[str, ...]], ...]

LISTS = ("select", "extend-select", "ignore", "extend-ignore", "exclude", "extend-exclude", "tests")
TABLES = ("per-file-ignores", "extend-per-file-ignores", "severity")
SCALARS = ("target-version", "preview", "ruff", "hints", "force-exclude", "respect-gitignore", "baseline")
KEYS = (*LISTS, *TABLES, *SCALARS)

_Choice = TypeVar("_Choice", bound=str)


class Layer(NamedTuple):
    """What one source says. None or empty: it says nothing of that."""

    accepted: Mapping[str, object]
    """What it says, by key and as TOML writes it, without what is wrong."""
    locate: Locate
    selection: Selection
    per_file_ignores: PerFileIgnores | None = None
    extend_per_file_ignores: PerFileIgnores = ()
    severity: tuple[tuple[str, Severity], ...] = ()
    exclude: tuple[Glob, ...] | None = None
    extend_exclude: tuple[Glob, ...] = ()
    tests: tuple[Glob, ...] | None = None
    target: Version | None = None
    preview: bool | None = None
    ruff: RuffPolicy | None = None
    hints: bool | None = None
    force_exclude: bool | None = None
    respect_gitignore: bool | None = None
    baseline: str | None = None
    messages: tuple[Message, ...] = ()
    rejected: tuple[tuple[str, Message], ...] = ()
    """Scalars that are wrong: the key and the complaint; what is used instead is known after the merge."""


def read_layer(values: Mapping[str, object], root: Path, known: KnownRules, locate: Locate) -> Layer:
    """Reads one source. `root` is the directory of its globs."""
    return _Reader(values, str(root), known, locate).layer()


class _Reader:
    def __init__(self, values: Mapping[str, object], root: str, known: KnownRules, locate: Locate) -> None:
        self.values = values
        self.root = root
        self.known = known
        self.locate = locate
        self.messages: list[Message] = []
        self.rejected: list[tuple[str, Message]] = []

    def layer(self) -> Layer:
        for key in self.values:
            if key not in KEYS:
                self.say(key, None, f"is not a setting{suggestion(key, KEYS, 'chatbt.')}. Leaving it out.")
        selectors = {key: self.selectors(key, self.values.get(key)) for key in LISTS[:4]}
        layer = Layer(
            accepted={},
            locate=self.locate,
            selection=Selection(
                selectors["select"],
                selectors["extend-select"] or (),
                (selectors["ignore"] or ()) + (selectors["extend-ignore"] or ()),
            ),
            per_file_ignores=self.per_file("per-file-ignores"),
            extend_per_file_ignores=self.per_file("extend-per-file-ignores") or (),
            severity=self.severities(),
            exclude=self.globs("exclude"),
            extend_exclude=self.globs("extend-exclude") or (),
            tests=self.globs("tests"),
            target=self.target(),
            preview=self.switch("preview"),
            ruff=self.choice("ruff", RUFF_POLICIES),
            hints=self.switch("hints"),
            force_exclude=self.switch("force-exclude"),
            respect_gitignore=self.switch("respect-gitignore"),
            baseline=self.path("baseline"),
            messages=tuple(self.messages),
            rejected=tuple(self.rejected),
        )
        said: dict[str, object] = {
            **selectors,
            "exclude": _plain(layer.exclude),
            "extend-exclude": _plain(layer.extend_exclude) or None,
            "tests": _plain(layer.tests),
            "per-file-ignores": _plain_table(layer.per_file_ignores),
            "extend-per-file-ignores": _plain_table(layer.extend_per_file_ignores) or None,
            "severity": dict(layer.severity) or None,
            "target-version": layer.target and as_target(layer.target),
            "preview": layer.preview,
            "ruff": layer.ruff,
            "hints": layer.hints,
            "force-exclude": layer.force_exclude,
            "respect-gitignore": layer.respect_gitignore,
            "baseline": layer.baseline,
        }
        return layer._replace(accepted={key: value for key, value in said.items() if value is not None})

    def say(self, key: str, item: str | None, text: str) -> None:
        self.messages.append(Message(self.locate(key, item), f"chatbt.{key} {text}"))

    def reject(self, key: str, allowed: str) -> None:
        text = f"chatbt.{key} is {shown(self.values[key])}; {allowed}"
        self.rejected.append((key, Message(self.locate(key, None), text)))

    def strings(self, key: str, value: object, example: str) -> list[str] | None:
        if value is None:
            return None
        if not isinstance(value, list):
            self.say(key, None, f"is {shown(value)}; a list such as {example} is expected. Leaving it out.")
            return None
        for item in value:
            if not isinstance(item, str):
                self.say(key, None, f"has {shown(item)}; strings are expected. Leaving it out.")
        return [item for item in value if isinstance(item, str)]

    def selectors(self, key: str, value: object) -> tuple[str, ...] | None:
        items = self.strings(key, value, '["CC001"]')
        if items is None:
            return None
        kept = tuple(item for item in items if self.is_selector(key, item))
        # A list of nothing but mistakes does not mean: no rules.
        return kept if kept or value == [] else None

    def is_selector(self, key: str, item: str) -> bool:
        if rule := self.known.renamed.get(item):
            self.say(key, item, f"has {shown(item)}, which is now {rule}. Using {rule}.")
        elif not self.known.members(item):
            near = suggestion(item, (*sorted(self.known.ids), *self.known.names))
            self.say(key, item, f"has {shown(item)}; no rule is called that{near}. Leaving it out.")
            return False
        return True

    def globs(self, key: str) -> tuple[Glob, ...] | None:
        items = self.strings(key, self.values.get(key), '["tests/data"]')
        return None if items is None else tuple(glob for item in items if (glob := self.glob(key, item)))

    def glob(self, key: str, item: str, *, negatable: bool = False) -> Glob | None:
        negated = negatable and item.startswith("!")
        pattern = item[1:] if negated else item
        try:
            translate(pattern)
        except ValueError as error:
            self.say(key, item, f"has {shown(item)}, which is no glob: {error}. Leaving it out.")
            return None
        return Glob(pattern, self.root, negated)

    def table(self, key: str, example: str) -> Mapping[str, object]:
        value = self.values.get(key)
        if value is None or isinstance(value, dict):
            return value or {}
        self.say(key, None, f"is {shown(value)}; a table such as {example} is expected. Leaving it out.")
        return {}

    def per_file(self, key: str) -> PerFileIgnores | None:
        found: list[tuple[Glob, tuple[str, ...]]] = []
        for item, value in self.table(key, '{"tests/**" = ["CC001"]}').items():
            glob = self.glob(key, item, negatable=True)
            selectors = self.selectors(key, value)
            if glob and selectors:
                found.append((glob, selectors))
        return tuple(found) if isinstance(self.values.get(key), dict) else None

    def severities(self) -> tuple[tuple[str, Severity], ...]:
        found: list[tuple[str, Severity]] = []
        for item, value in self.table("severity", '{CC001 = "error"}').items():
            level = next((level for level in SEVERITIES if level == value), None)
            if not self.is_selector("severity", item):
                continue
            if level is None:
                text = f"has {item} = {shown(value)}; {_listed(SEVERITIES)} are known. Leaving it out."
                self.say("severity", item, text)
                continue
            found.append((item, level))
        return tuple(found)

    def target(self) -> Version | None:
        value = self.values.get("target-version")
        if value is None:
            return None
        allowed = f"{as_target(OLDEST)} to {as_target(NEWEST)} are known"
        version = parse_target(value) if isinstance(value, str) else None
        if version is None:
            self.reject("target-version", allowed)
        elif version != clamp(version):
            near = clamp(version)
            self.say("target-version", None, f"is {shown(value)}; {allowed}. Using {as_target(near)}.")
            return near
        return version

    def switch(self, key: str) -> bool | None:
        value = self.values.get(key)
        if value is None or isinstance(value, bool):
            return value
        self.reject(key, "true or false is expected")
        return None

    def choice(self, key: str, allowed: Sequence[_Choice]) -> _Choice | None:
        value = self.values.get(key)
        if value is None:
            return None
        choice = next((choice for choice in allowed if choice == value), None)
        if choice is None:
            self.reject(key, f"{_listed(allowed)} are known")
        return choice

    def path(self, key: str) -> str | None:
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value or "\0" in value:
            self.reject(key, "the path of a file is expected")
            return None
        return str(Path(self.root) / value)


def _plain(globs: tuple[Glob, ...] | None) -> list[str] | None:
    return None if globs is None else [f"{'!' * glob.negated}{glob.pattern}" for glob in globs]


def _plain_table(ignores: PerFileIgnores | None) -> dict[str, list[str]] | None:
    if ignores is None:
        return None
    return {f"{'!' * glob.negated}{glob.pattern}": list(selectors) for glob, selectors in ignores}


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}"
