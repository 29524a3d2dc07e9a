"""Code that is run to see whether it raises."""

import ast

from chatbt.analysis.flow import ancestors, is_in_body
from chatbt.analysis.outer import dotted

_BOUNDARIES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
# By the last part of the name: the managers come as fixtures, methods of `self` and imports of many libraries.
_EXPECTING = frozenset(
    "raises assertRaises assertRaisesRegex assertRaisesRegexp assert_raises assert_raises_regex suppress warns "
    "assertWarns assertWarnsRegex assert_warns deprecated_call catch_warnings errstate".split()
)


def expects_exception(node: ast.AST) -> bool:
    """Whether an exception or a warning of `node` is waited for: by a `with` around it that catches or checks it."""
    below = node
    for around in ancestors(node):
        if isinstance(around, _BOUNDARIES) and is_in_body(around, below):
            return False
        if isinstance(around, ast.With | ast.AsyncWith) and below not in around.items:
            for item in around.items:
                if dotted(item.context_expr).rpartition(".")[2] in _EXPECTING:
                    return True
        below = around
    return False


def guarded_by(node: ast.AST) -> ast.Try | None:
    """The innermost `try` of the same function whose handlers get the exceptions of `node`."""
    below = node
    for around in ancestors(node):
        if isinstance(around, _BOUNDARIES) and is_in_body(around, below):
            return None
        if isinstance(around, ast.Try) and around.handlers and any(below is one for one in around.body):
            return around
        below = around
    return None
