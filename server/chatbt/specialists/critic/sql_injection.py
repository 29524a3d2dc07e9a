"""SQL injection

## What it does
Reports an SQL statement with a value put into its text by an f-string, `%`, `format` or `+`, where it is executed:
`execute`, `executemany`, `executescript`, `raw` and SQLAlchemy's `text`.

## Why
The database reads the value as part of the statement. A user who is called `' OR 1=1 --` sees everybody's rows, and a
name with an apostrophe is a syntax error. Passed as a parameter, the value stays a value.

## Example
    def find(cursor, user):
        cursor.execute(f"SELECT * FROM users WHERE name = '{user}'")

Better:
    def find(cursor, user):
        cursor.execute("SELECT * FROM users WHERE name = ?", (user,))

## When the fix is safe
There is none: how a parameter is written (`?`, `%s`, `:name`) depends on the driver.

## Asked as
- SQL injection, query built with an f-string, format, % or +
- cursor.execute(f"SELECT * FROM users WHERE name = '{name}'")
- quote or apostrophe in the value breaks the query, syntax error near
- how to pass variables to a query, placeholders, parameterized or prepared statement, question mark or %s
- bandit B608, S608 hardcoded SQL expressions, possible SQL injection vector
- user can drop my tables, Bobby Tables, escaping values for the database
- insert values from variables into sqlite, psycopg, mysql
- is it a security hole to put a user's id or name into an SQL string
- "SELECT ... WHERE id = " + user_id, f"DELETE FROM t WHERE id = {id}"
- names like O'Neil crash my INSERT or SELECT
- login can be bypassed with ' OR 1=1
- proper way to pass parameters to execute, do I have to put quotes around %s
- LIKE query with a variable in sqlite3
- pentest report: value is pasted into SELECT, INSERT, UPDATE or DELETE
- O'Reilly or a semicolon in the input breaks the statement for the database

## References
- PEP 249 Python Database API Specification v2.0, paramstyle
- CWE-89 SQL Injection
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.harmless import is_harmless
from chatbt.analysis.scopes import Scope
from chatbt.analysis.sql import value_in_statement
from chatbt.analysis.texts import pieces
from chatbt.specialists.pattern import Findings, critic

_METHODS = frozenset("execute executemany executescript raw".split())
_TEXT = frozenset("sqlalchemy.text sqlalchemy.sql.text sqlalchemy.sql.expression.text".split())
_PARAMETERS = (None, "parameters", "params", "args", "vars", "values", "seq_of_parameters")
_QUOTING = ("quote", "escape", "literal", "mogrify")
_PLACEHOLDERS = ("placeholder", "param", "qmark", "marker")
_SQL = ("sql", "expr", "expression", "clause", "condition", "query", "subquery", "select")


@critic(
    "CC017", group="security", since="0.1", stability="preview", ruff=("S608",), not_in_tests=True,
    calls=_TEXT, methods=_METHODS,
)  # fmt: skip
def sql_injection(call: ast.Call, scope: Scope) -> Findings:
    if not call.args or isinstance(call.args[0], ast.Constant):
        return
    has_parameters = len(call.args) > 1 or any(one.arg in _PARAMETERS for one in call.keywords)
    for piece in value_in_statement(pieces(call.args[0], scope) or (), has_parameters=has_parameters):
        value = piece.value if isinstance(piece, ast.FormattedValue) else piece
        if _is_no_value(value) or is_harmless(piece, scope, _is_quoting):
            continue
        what = f"`{ast.unparse(value)}` becomes part of the statement's text"
        yield Finding(call.args[0], f"{what}: a quote in it changes what is executed")
        return


def _is_no_value(value: ast.expr) -> bool:
    """Whether a name says that it holds a piece of SQL, or the driver's mark for a parameter."""
    name = (value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")).lower()
    if name in ("ph", "qm") or any(word in name for word in _PLACEHOLDERS):
        return True
    return name.rpartition("_")[2] in _SQL


def _is_quoting(call: ast.Call, scope: Scope) -> bool:
    """Whether a call quotes its argument for the database; whoever names a function so is believed."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return any(word in name.lower() for word in _QUOTING)
