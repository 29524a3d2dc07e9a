"""The settings that hold for a file, and the names by which rules are known in them."""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from chatbt.workspace.globs import Glob, matcher, matches_below
from chatbt.workspace.targets import NEWEST, Version

Severity = Literal["error", "warning", "information", "hint", "off"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "information", "hint", "off")

RuffPolicy = Literal["defer", "always"]
RUFF_POLICIES: tuple[RuffPolicy, ...] = ("defer", "always")

# The default of ruff 0.17.6 for its `exclude`.
RUFF_EXCLUDE = (
    ".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints",
    ".mypy_cache", ".nox", ".pants.d", ".pyenv", ".pytest_cache", ".pytype", ".ruff_cache", ".svn", ".tox",
    ".venv", ".vscode", "__pypackages__", "_build", "buck-out", "dist", "node_modules", "site-packages",
    "venv",
)  # fmt: skip

DEFAULT_EXCLUDE = (*RUFF_EXCLUDE, ".chatbt_cache")

DEFAULT_TESTS = ("test_*.py", "*_test.py", "conftest.py", "**/tests/**", "**/test/**")

_PREFIX = re.compile(r"([A-Z]+)(\d*)")
_EXACT = 99


class KnownRules(NamedTuple):
    """The rules there are. `names` leads from each name to its id, `renamed` from each old id or name."""

    ids: frozenset[str]
    names: Mapping[str, str]
    renamed: Mapping[str, str]
    preview: frozenset[str] = frozenset()

    def exact(self, selector: str) -> str | None:
        """The id of the one rule that the selector names, by its id, its name, or one it used to have."""
        return selector if selector in self.ids else self.names.get(selector) or self.renamed.get(selector)

    def members(self, selector: str) -> frozenset[str]:
        """The ids that a selector stands for: ALL, a prefix (CC, CC01), an id, a name; empty if unknown."""
        if selector == "ALL":
            return self.ids
        if rule := self.exact(selector):
            return frozenset((rule,))
        prefix = _PREFIX.fullmatch(selector)
        if prefix is None:
            return frozenset()
        # CC is the CC rules, not those of a specialist whose letters only begin so.
        return frozenset(
            rule for rule in self.ids if rule.startswith(selector) and rule.rstrip("0123456789") == prefix[1]
        )

    def rank(self, selector: str) -> int:
        """How specific a selector is."""
        return 0 if selector == "ALL" else _EXACT if self.exact(selector) else len(selector)


class Settings(NamedTuple):
    """What holds for the files that one configuration governs. Hashable: equal settings find the same."""

    root: str
    """The directory of the governing file, absolute; excludes reach down from here."""
    rules: frozenset[str] = frozenset()
    """The ids that are on, before per-file ignores."""
    per_file_ignores: tuple[tuple[Glob, frozenset[str]], ...] = ()
    severity: tuple[tuple[str, Severity], ...] = ()
    """By id, sorted; a rule that is not named has its own severity."""
    target: Version = NEWEST
    preview: bool = False
    ruff: RuffPolicy = "defer"
    hints: bool = False
    """Whether suggestions are drawn, as hints."""
    exclude: tuple[Glob, ...] = ()
    force_exclude: bool = False
    respect_gitignore: bool = True
    tests: tuple[Glob, ...] = ()
    baseline: str | None = None
    """Absolute path of the baseline file."""

    def rules_for(self, path: str) -> frozenset[str]:
        """The ids that are on in the file at this absolute path."""
        rules = self.rules
        for glob, ignored in self.per_file_ignores:
            if matcher((glob,))(path) is not glob.negated:
                rules -= ignored
        return rules

    def severity_of(self, rule: str) -> Severity | None:
        """The severity that was set for a rule, or None."""
        return dict(self.severity).get(rule)

    def excludes(self, path: str) -> bool:
        """Whether the file or folder, or one above it up to the root, is excluded."""
        return matches_below(self.exclude, path, self.root)

    def is_test(self, path: str) -> bool:
        """Whether the file is one of the project's tests."""
        return matcher(self.tests)(path)
