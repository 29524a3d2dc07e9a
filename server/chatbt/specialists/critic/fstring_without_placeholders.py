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
from chatbt.specialists.pattern import Findings, critic


@critic("CC012", group="practice", since="0.1", ruff=("F541",), runtime=False, unnecessary=True)
def fstring_without_placeholders(string: ast.JoinedStr, scope: Scope) -> Findings:
    if any(isinstance(part, ast.FormattedValue) for part in string.values) or _is_format_spec(string):
        return
    yield Finding(string, "this f-string has no placeholder: the `f` does nothing, or the braces are missing")


def _is_format_spec(string: ast.JoinedStr) -> bool:
    around = parent(string)
    return isinstance(around, ast.FormattedValue) and around.format_spec is string


@fstring_without_placeholders.fix
def drop_the_prefix(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    string = finding.node
    parts = string_parts(string, rewrite)
    edits: list[Edit] = []
    for part in parts:
        if "f" not in part.prefix.lower():
            continue
        body = part.body.replace("{{", "{").replace("}}", "}")
        prefix = part.prefix.replace("f", "").replace("F", "")
        edits.append(Edit(part.stretch, prefix + part.quote + body + part.quote))
    if not edits:
        return None
    make = review if _becomes_docstring(string) or any(re.search(r"\{\w", edit.text) for edit in edits) else safe
    return make("Remove the `f` prefix", *edits)


def _becomes_docstring(string: ast.AST) -> bool:
    statement = parent(string)
    return isinstance(statement, ast.Expr) and block_of(statement)[0] is statement
