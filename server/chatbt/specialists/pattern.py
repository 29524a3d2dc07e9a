"""What a pattern is, and the decorator that makes one of a function in the pattern's own file.

The annotation of the detecting function's first parameter says which nodes it wants to see. Among calls, `calls` and
`methods` narrow them: to those whose callee resolves to one of these names, and those of an attribute of one of these
names, whatever it is an attribute of. The module's docstring is the documentation.
"""

import ast
import sys
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict, Unpack

from chatbt.analysis.finding import Finding, Severity
from chatbt.analysis.scopes import FileFacts, Scope
from chatbt.analysis.walk import Walked
from chatbt.rewriting.fix import Fix
from chatbt.rewriting.rewrite import Rewrite

Stability = Literal["preview", "stable", "deprecated"]
Group = Literal["bug", "practice", "security", "performance"]
Detect = Callable[[Any, Scope], Iterable[Finding]]
MakeFix = Callable[[Finding, Scope, Rewrite], Fix | None]
Findings = Iterable[Finding]


@dataclass(slots=True, eq=False)
class Pattern:
    """One of the patterns. `name` reads well after "allow"; `formerly` are ids and names it had before.

    `ruff` are the codes of ruff's rules that report the same defect, `runtime` whether it makes no sense in a stub,
    `not_in_tests` whether it is silent in test files, `unnecessary` whether an editor may fade the code it marks,
    `yields_to` the patterns that speak alone where both could. `needs` is a look at the chunk, cheap beside looking at
    its nodes, which says whether the pattern can find anything there. `names` says of the standard library's names that
    it is about, by their qualified names, what they are for and how they are most often misused.
    """

    id: str
    name: str
    specialist: str
    group: str
    severity: Severity
    since: str
    detect: Detect
    wants: tuple[type[ast.AST], ...]
    doc: str
    module: str
    calls: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    ruff: tuple[str, ...] = ()
    stability: Stability = "stable"
    formerly: tuple[str, ...] = ()
    python: tuple[int, int] = (3, 8)
    runtime: bool = True
    not_in_tests: bool = False
    unnecessary: bool = False
    deprecated: bool = False
    yields_to: tuple[str, ...] = ()
    needs: Callable[[Walked], bool] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    make_fix: MakeFix | None = field(default=None)

    @property
    def is_suggestion(self) -> bool:
        """Whether it offers a better way to write the code, where nothing is wrong with it."""
        return self.specialist != "critic"

    def speaks_in(self, file: FileFacts) -> bool:
        """Whether the pattern has anything to say in such a file (G6, G9)."""
        silent = (file.stub and self.runtime) or (file.test and self.not_in_tests)
        return not silent and self.python <= file.target

    def fix(self, function: MakeFix) -> MakeFix:
        """Decorator: `function` makes the fix of a finding of this pattern, or None where there is none."""
        self.make_fix = function
        return function


class _More(TypedDict, total=False):
    """What any pattern may say of itself, as `Pattern` has it."""

    calls: Iterable[str]
    methods: Iterable[str]
    ruff: tuple[str, ...]
    stability: Stability
    formerly: tuple[str, ...]
    python: tuple[int, int]
    runtime: bool
    not_in_tests: bool
    unnecessary: bool
    deprecated: bool
    yields_to: tuple[str, ...]
    needs: Callable[[Walked], bool]
    names: Mapping[str, str]


Maker = Callable[[Detect], Pattern]


def critic(
    id_: str, *, group: Group, since: str, severity: Severity = Severity.WARNING, **more: Unpack[_More]
) -> Maker:
    """Make a Code Critic rule of a detecting function; its name, with hyphens, is the rule's."""
    return _maker(id_, "critic", group, severity, since, more)


def pythonic(id_: str, *, since: str, **more: Unpack[_More]) -> Maker:
    """Make a Pythonic pattern of a detecting function; its name, with hyphens, is the idiom's."""
    return _maker(id_, "pythonic", "idiom", Severity.HINT, since, more)


def stdlib(id_: str, *, module: str, since: str, **more: Unpack[_More]) -> Maker:
    """Make a standard-library pattern of a detecting function; `module` is the one that it recommends."""
    return _maker(id_, "stdlib", module, Severity.HINT, since, more)


def _maker(id_: str, specialist: str, group: str, severity: Severity, since: str, more: _More) -> Maker:
    options: dict[str, Any] = dict(more)
    for key in ("calls", "methods"):
        options[key] = frozenset(options.get(key, ()))

    def make(detect: Detect) -> Pattern:
        name, module = detect.__name__.replace("_", "-"), detect.__module__
        doc = sys.modules[module].__doc__ or ""
        return Pattern(id_, name, specialist, group, severity, since, detect, _wanted(detect), doc, module, **options)

    return make


def _wanted(detect: Detect) -> tuple[type[ast.AST], ...]:
    annotation = next(iter(detect.__annotations__.values()))
    kinds = annotation.__args__ if isinstance(annotation, types.UnionType) else (annotation,)
    return tuple(kinds)
