"""Where a string goes that is better not put together by hand: to a log, a database, a translation."""

import ast

from chatbt.analysis.flow import ancestors

_LOGGING = "debug info warning warn error critical exception fatal log".split()
_QUERIES = "execute executemany executescript raw".split()
_TRANSLATIONS = "_ gettext ngettext pgettext npgettext dgettext lgettext gettext_lazy ugettext N_".split()
_TAKERS = frozenset((*_LOGGING, *_QUERIES, *_TRANSLATIONS))


def has_own_formatting(string: ast.AST) -> bool:
    """Whether `string` is part of what a call gets that puts values in by itself, or translates the text."""
    below = string
    for around in ancestors(string):
        match around:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name) as function) if name in _TAKERS:
                return below is not function
            case ast.stmt():
                return False
        below = around
    return False
