"""Expressions whose very text is part of what the program does: those of `f"{x = }"`, which shows it."""

import ast

from chatbt.analysis.flow import ancestors
from chatbt.analysis.places import chunk_text, place
from chatbt.analysis.scopes import Scope
from chatbt.source.document import Range


def is_shown(node: ast.AST, scope: Scope) -> bool:
    """Whether an f-string shows the text of `node`, or of what it is part of, so that no edit may change it."""
    walked = scope.chunk
    if walked is None:
        return False
    for around in ancestors(node):
        if isinstance(around, ast.FormattedValue):
            behind = Range(place(around.value, walked).end, place(around, walked).end)
            if chunk_text(walked).slice(behind.shifted(1 - walked.parsed.first)).lstrip(" \t\r\n\f)").startswith("="):
                return True
        elif isinstance(around, ast.stmt):
            return False
    return False
