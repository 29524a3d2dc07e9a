"""The profile of a file: its configuration, turned into what is looked for in it."""

from functools import cache
from pathlib import Path

from chatbt.analysis.finding import Severity
from chatbt.analysis.scopes import FileFacts
from chatbt.specialists.registry import names, patterns
from chatbt.workspace.configuration import Effective
from chatbt.workspace.profile import Profile
from chatbt.workspace.settings import KnownRules


@cache
def known_rules() -> KnownRules:
    """The rules there are, by every name that a configuration may use."""
    table = patterns()
    today = {pattern.name: pattern.id for pattern in table.values()}
    renamed = {name: rule for name, rule in names().items() if name not in today and name not in table}
    preview = frozenset(pattern.id for pattern in table.values() if pattern.stability == "preview")
    return KnownRules(frozenset(table), today, renamed, preview)


def profile_for(path: Path, effective: Effective, *, notebook: bool = False) -> Profile:
    """What is looked for in the file at this absolute path."""
    text = str(path)
    settings = effective.settings
    rules = settings.rules_for(text)
    file = FileFacts(
        settings.target,
        stub=path.suffix == ".pyi",
        test=settings.is_test(text),
        notebook=notebook or path.suffix == ".ipynb",
    )
    left = frozenset(rule for rule in rules if _left_to_ruff(rule, text, effective))
    return _profile(rules, file, left, settings.severity, settings.hints)


def _left_to_ruff(rule: str, path: str, effective: Effective) -> bool:
    codes = patterns()[rule].ruff
    return bool(codes) and effective.left_to_ruff(path, frozenset(codes))


@cache
def _profile(
    rules: frozenset[str],
    file: FileFacts,
    left: frozenset[str],
    severity: tuple[tuple[str, str], ...],
    hints: bool,
) -> Profile:
    """One profile, with its table of patterns, for all files that look for the same."""
    on = frozenset(rule for rule in rules if dict(severity).get(rule) != "off")
    return Profile(on, file, left, {rule: Severity(name) for rule, name in severity if name != "off"}, hints)
