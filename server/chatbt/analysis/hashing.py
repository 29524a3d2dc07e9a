"""Values that the file proves to be hashable."""

import ast

from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import proven

_HASHABLE = (
    "str bytes int float complex bool NoneType ellipsis range pathlib.Path datetime.datetime datetime.date "
    "datetime.time datetime.timedelta decimal.Decimal fractions.Fraction"
).split()


def is_hashable(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is proven to have a hash: of one of the immutable types, or a tuple of such."""
    if isinstance(node, ast.Tuple):
        return all(is_hashable(element, scope) for element in node.elts)
    return proven(node, scope, *_HASHABLE)
