"""Values and names in SQL that code builds."""

import ast

import pytest

from chatbt.analysis.sql import value_in_statement
from chatbt.analysis.texts import Piece


def values(statement: str, *, has_parameters: bool = False) -> list[str]:
    """The expressions in braces that stand for values."""
    joined = ast.parse(f'f"""{statement}"""', mode="eval").body
    assert isinstance(joined, ast.JoinedStr)
    pieces: list[Piece] = [str(one.value) if isinstance(one, ast.Constant) else one for one in joined.values]
    found = value_in_statement(pieces, has_parameters=has_parameters)
    return [ast.unparse(one.value) for one in found if isinstance(one, ast.FormattedValue)]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT a FROM t WHERE b = {v}",
        "select a from {t} where b >= {v} order by {c}",
        "SELECT a FROM t WHERE b LIKE '%{v}%'",
        "SELECT a FROM t WHERE b BETWEEN 1 AND {v}",
        "SELECT a FROM t WHERE b IN (1, {v})",
        "INSERT OR REPLACE INTO {t} ({c}) VALUES (1, '{v}')",
        "UPDATE {t} SET {c} = {v} WHERE {w}",
        "WITH x AS (SELECT 1) SELECT * FROM x LIMIT {v}",
        "-- a comment\n  DELETE FROM t WHERE a != {v}",
    ],
)
def test_a_value_is_told_from_names_and_clauses(statement: str) -> None:
    assert values(statement) == ["v"]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT {c} FROM {t}{w}",
        "SELECT a FROM t JOIN u ON t.a = {t}.b",
        "SELECT a FROM t WHERE b = {function}(c)",
        "update the file = {v}",
        "file = '{v}'",
    ],
)
def test_names_clauses_and_other_texts_hold_no_value(statement: str) -> None:
    assert values(statement) == []


def test_a_whole_list_beside_parameters_is_taken_for_their_marks() -> None:
    assert values("SELECT a FROM t WHERE b IN ({v})") == ["v"]
    assert values("SELECT a FROM t WHERE b IN ({v})", has_parameters=True) == []


def test_where_no_mark_is_spelled_out_parameters_get_theirs_from_outside() -> None:
    assert values("SELECT a FROM t WHERE b = {v}", has_parameters=True) == []
    assert values("SELECT a FROM t WHERE b = {v} AND c = ?", has_parameters=True) == ["v"]
    assert values("SELECT a FROM t WHERE b = '{v}'", has_parameters=True) == ["v"]
