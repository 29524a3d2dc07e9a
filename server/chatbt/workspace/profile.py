"""What is looked for in one file: the rules that are on, how loud they are, and what kind of file it is."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property

from chatbt.analysis.finding import Severity
from chatbt.analysis.scopes import FileFacts
from chatbt.specialists.registry import Table, patterns


@dataclass(frozen=True)
class Profile:
    """`rules` are the ids that run; those in `left_to_ruff` run too, but are only shown on demand.

    Suggestions run and are shown on demand, unless `hints` has them drawn.
    """

    rules: frozenset[str]
    file: FileFacts = field(default_factory=FileFacts)
    left_to_ruff: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    hints: bool = False

    def __getstate__(self) -> dict[str, object]:
        """What travels to another process, which makes tables of its own: a pattern's function does not travel."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @cached_property
    def table(self) -> Table:
        """The rules, which run over every chunk."""
        return self._table(suggestions=False)

    @cached_property
    def suggestions(self) -> Table:
        """The patterns that run over a chunk when somebody asks."""
        return self._table(suggestions=True)

    @cached_property
    def interest(self) -> frozenset[type[ast.AST]]:
        """The node types that some pattern wants to see."""
        return self.table.interest | self.suggestions.interest

    def _table(self, *, suggestions: bool) -> Table:
        chosen = (one for one in patterns().values() if one.id in self.rules and one.speaks_in(self.file))
        return Table(one for one in chosen if one.is_suggestion is suggestions)
