"""A finding: a pattern at a place."""

import ast
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chatbt.source.document import Range


class Severity(StrEnum):
    """How loudly a finding is shown."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"
    HINT = "hint"


@dataclass(frozen=True, slots=True, eq=False)
class Related:
    """Another place that helps to understand a finding, and what happens there."""

    node: ast.AST
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """What a pattern reports: the node to underline and what happens to this code, with its names.

    `stretch` underlines something other than the whole node, in the node's own line numbers. `severity` overrides the
    pattern's. `about` is whatever the pattern's fix wants to know, so that it need not look again.
    """

    node: ast.AST
    message: str
    severity: Severity | None = None
    related: tuple[Related, ...] = ()
    stretch: Range | None = None
    about: Any = field(default=None)
