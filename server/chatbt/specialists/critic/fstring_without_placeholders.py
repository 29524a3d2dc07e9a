"""F-string without placeholders

## What it does
Reports an f-string that has no replacement field.

## Why
The `f` does nothing. Usually the braces were forgotten, and the message shows the name of a variable instead of its
value; if they were not, the prefix only makes the reader look for them.

## Example
    def check(user):
        if user is None:
            raise ValueError(f"user not found")

Better:
    def check(user):
        if user is None:
            raise ValueError("user not found")

## When the fix is safe
When the string is not the first statement of a module, class or function, where it would become the docstring, and
when without its `f` it would not look like a string whose `f` was forgotten.

## Asked as
- f-string without any placeholders, F541, W1309 f-string-without-interpolation
- f in front of a string that has no braces or variables
- useless f prefix, is f"text" slower or wrong
- remove the extra f from a constant string
- does it hurt to write f before every string
- f'' with nothing to interpolate
- f before a plain text without any curly brackets
- linter: f-string is missing placeholders, can I drop the f
- is an f-string with no variable in it a problem
- f"hello" same as "hello", unneeded f
- ruff or flake8 wants to remove the f of my string
- f prefix although there is nothing in curly braces

## References
- The Python Language Reference, 2.4.3 Formatted string literals
"""

import ast
import re

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import block_of
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.strings import string_parts
from chatbt.source.chunks import parse_source
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, critic

_FIELD = re.compile(r"\{[^{}]*\w[^{}]*\}")


@critic("CC012", group="practice", since="0.1", ruff=("F541",), runtime=False, unnecessary=True)
def fstring_without_placeholders(string: ast.JoinedStr, scope: Scope) -> Findings:
    if any(isinstance(part, ast.FormattedValue) for part in string.values) or _is_format_spec(string):
        return
    yield Finding(string, "this f-string has no placeholder: the `f` does nothing, or the braces are missing")


def _is_format_spec(string: ast.JoinedStr) -> bool:
    return getattr(parent(string), "format_spec", None) is string


@fstring_without_placeholders.fix
def drop_the_prefix(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    string = finding.node
    assert isinstance(string, ast.JoinedStr)
    edits = [
        Edit(part.stretch, re.sub("[fF]", "", part.prefix) + part.quote + _single(part.body) + part.quote)
        for part in string_parts(string, rewrite)
        if "f" in part.prefix.lower()
    ]
    value = "".join(str(part.value) for part in string.values if isinstance(part, ast.Constant))
    if not edits or _evaluated(string, edits, rewrite) != value:
        return None
    make = review if _becomes_docstring(string) or _FIELD.search(value) else safe
    return make("Remove the `f` prefix", *edits)


def _single(body: str) -> str:
    return body.replace("{{", "{").replace("}}", "}")


def _evaluated(string: ast.JoinedStr, edits: list[Edit], rewrite: Rewrite) -> object:
    """The string's value after `edits`; None if they do not make a string of it, as in `f""f"a"`."""
    start, end = rewrite.place(string)
    text = ""
    for edit in edits:
        text += rewrite.slice(Range(start, edit.stretch.start)) + edit.text
        start = edit.stretch.end
    try:
        (statement,) = parse_source(f"({text}{rewrite.slice(Range(start, end))})").body
    except SyntaxError:
        return None
    literal = getattr(statement, "value", None)
    return literal.value if isinstance(literal, ast.Constant) else None


def _becomes_docstring(string: ast.AST) -> bool:
    statement = parent(string)
    return isinstance(statement, ast.Expr) and block_of(statement)[0] is statement
