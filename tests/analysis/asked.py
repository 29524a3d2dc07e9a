"""The expression that a piece of code marks as `here(expression)`, with the scope in which it is evaluated."""

import ast
from textwrap import dedent

from chatbt.analysis.names import scope_of
from chatbt.analysis.scopes import Scope
from chatbt.source.document import Document
from chatbt.workspace.checker import Checker
from chatbt.workspace.profile import Profile


def asked(code: str) -> tuple[ast.expr, Scope]:
    """The expression marked in `code`, after all chunks have been walked and linked."""
    checker = Checker(Document.from_text("example.py", dedent(code)), Profile(frozenset()))
    for _, state in checker.chunks():
        assert state.fault is None
        root = state.walked.module.node
        assert root is not None
        for node in ast.walk(root):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "here":
                return node.args[0], scope_of(node.args[0])
    raise ValueError("no here(...) in the code")
