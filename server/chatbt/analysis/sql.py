"""SQL that code builds: whether a text is a statement, and where in it a value stands rather than a name."""

import ast
import re
from collections.abc import Sequence

from chatbt.analysis.texts import Piece

_STATEMENT = re.compile(
    r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*|\(\s*)*(?:SELECT\s|INSERT\s+(?:\w+\s+)*INTO\s|REPLACE\s+INTO\s|UPDATE\s.*\sSET\s"
    r"|DELETE\s+FROM\s|MERGE\s+INTO\s|CALL\s|EXEC(?:UTE)?\s|WITH\s.*\sAS\s*\()",
    re.IGNORECASE | re.DOTALL,
)
_BEFORE_VALUE = re.compile(
    r"(?:[^<>=!]=|<>|!=|[<>]=?|\b(?:I?LIKE|GLOB|REGEXP|RLIKE|LIMIT|OFFSET|BETWEEN)|\bBETWEEN\s+\S+\s+AND"
    r"|\bIN\s*\((?:[^()]*,)?|\bVALUES\s*\((?:[^()]*,)?)\s*[\"']?$",
    re.IGNORECASE,
)
_MARK = re.compile(r"\?|%s|%\(\w|:\w|\$\d|@\w")
_HOLE = "x"  # stands for an expression in the text


def value_in_statement(pieces: Sequence[Piece], *, has_parameters: bool) -> list[ast.expr]:
    """The expressions that stand where an SQL statement expects a value; [] if it is no statement.

    Names of tables and columns, and whole clauses, are no values: a parameter could not stand for them. If the
    statement `has_parameters`, their marks may be put in too: what fills a whole list, as in `IN ({marks})`, and, where
    no mark is spelled out, whatever stands outside quotes.
    """
    text = "".join(one if isinstance(one, str) else _HOLE for one in pieces)
    if not _STATEMENT.match(text):
        return []
    gets_marks = has_parameters and _MARK.search("".join(one for one in pieces if isinstance(one, str))) is None
    values = []
    before = ""
    for index, piece in enumerate(pieces):
        if isinstance(piece, str):
            before += piece
            continue
        behind = pieces[index + 1] if index + 1 < len(pieces) else ""
        following = behind if isinstance(behind, str) else _HOLE
        is_list = before.rstrip().endswith("(") and following.lstrip().startswith(")")
        is_quoted = before.count("'") % 2 == 1
        is_mark = not is_quoted and (gets_marks or (is_list and has_parameters))
        if (is_quoted or _follows_operator(before, following)) and not is_mark:
            values.append(piece)
        before += _HOLE
    return values


def _follows_operator(before: str, behind: str) -> bool:
    # `a = {table}.b`, `a = {function}(b)`: a name after all
    return _BEFORE_VALUE.search(before) is not None and re.match(r"\w|\.|\s*\(", behind) is None
