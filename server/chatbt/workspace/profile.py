"""What is looked for in one file: the rules that are on, how loud they are, and what kind of file it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from chatbt.analysis.finding import Severity
from chatbt.analysis.scopes import FileFacts
from chatbt.specialists.registry import Table, patterns


@dataclass(frozen=True)
class Profile:
    """`rules` are the ids that run; those in `left_to_ruff` run too, but are only shown on demand."""

    rules: frozenset[str]
    file: FileFacts = field(default_factory=FileFacts)
    left_to_ruff: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=dict)

    @cached_property
    def table(self) -> Table:
        return Table(one for one in patterns().values() if one.id in self.rules and one.speaks_in(self.file))
